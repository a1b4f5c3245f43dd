using Engine;

namespace Bench.RoundTrip;

/// <summary>A party as a program: straight-line code that waits on a resume point.</summary>
internal sealed class FiberParty(Party me) : SimulatedActor
{
    private readonly ResumePoint _point = new();
    private readonly Letter _letter = new() { From = me };
    private Start _start = null!;
    private Task _program = Task.CompletedTask;
    private bool _receiving;
    private Letter? _arrived;
    private Party _from;

    protected override void Handle(object message)
    {
        switch (message)
        {
            case Wake:
                _point.Resume();
                break;
            case Letter letter when _receiving:
                _receiving = false;
                _from = letter.From;
                _point.Resume();
                break;
            case Letter letter:
                _arrived = letter;
                return;
            case Start start when _start is null || me == Party.A:
                _start = start;
                _program = (me switch
                {
                    Party.A => RunClient(),
                    Party.S => RunServer(),
                    Party.B => RunBackend(),
                }).AsTask();
                break;
        }

        if (_program.IsFaulted)
        {
            _program.GetAwaiter().GetResult();
        }
    }

    private async ValueTask RunClient()
    {
        for (var left = _start.Trips; left > 0; left--)
        {
            await Sleep(Workload.Hold);
            Send(Party.S);
            await Receive();
        }
    }

    private async ValueTask RunServer()
    {
        while (true)
        {
            await Receive();
            var from = _from;
            await Sleep(Workload.Hold);
            Send(from == Party.A ? Party.B : Party.A);
        }
    }

    private async ValueTask RunBackend()
    {
        while (true)
        {
            await Receive();
            await Sleep(Workload.Hold);
            Send(Party.S);
        }
    }

    private ResumePoint.Wait Sleep(long cycles)
    {
        Engine.PostAt(Port, Wake.Instance, Engine.NowCycles + cycles, EventClass.Trap, 0);
        return _point.Await();
    }

    private ResumePoint.Wait Receive()
    {
        if (_arrived is { } letter)
        {
            _arrived = null;
            _from = letter.From;
            return default;
        }

        _receiving = true;
        return _point.Await();
    }

    private void Send(Party to) =>
        Engine.PostAt(
            _start.Of(to), _letter, Engine.NowCycles + Workload.Latency, EventClass.Trap, 0);
}
