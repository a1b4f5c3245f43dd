using Engine;

namespace Bench.RoundTrip;

/// <summary>A party as a state machine in a message handler.</summary>
internal sealed class HandlerParty(Party me) : SimulatedActor
{
    private readonly Letter _letter = new() { From = me };
    private Start _start = null!;
    private Party _from;
    private int _left;

    protected override void Handle(object message)
    {
        switch (message)
        {
            case Wake:
                Send(me switch
                {
                    Party.A or Party.B => Party.S,
                    Party.S => _from == Party.A ? Party.B : Party.A,
                });
                break;
            case Letter letter when me != Party.A || --_left > 0:
                _from = letter.From;
                Hold();
                break;
            case Start start:
                _start = start;
                _left = start.Trips;
                if (me == Party.A)
                {
                    Hold();
                }

                break;
        }
    }

    private void Hold() =>
        Engine.PostAt(Port, Wake.Instance, Engine.NowCycles + Workload.Hold, EventClass.Trap, 0);

    private void Send(Party to) =>
        Engine.PostAt(
            _start.Of(to), _letter, Engine.NowCycles + Workload.Latency, EventClass.Trap, 0);
}
