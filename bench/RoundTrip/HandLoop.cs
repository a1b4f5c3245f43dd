using System.Runtime.CompilerServices;
using Engine;

namespace Bench.RoundTrip;

/// <summary>
/// The workload as one would write it by hand for speed: an event loop that calls objects. It has
/// the engine's queue, but no actors, classes, lanes, supervision or dead letters.
/// </summary>
internal sealed class HandLoop : IContender
{
    private readonly RadixQueue<Event> _queue = new();
    private Event _lone;
    private long _loneAt;
    private bool _hasLone;
    private long _now;
    private int _running;

    public long Run(Workload work)
    {
        var start = _now;
        _running = work.Pairs;
        for (var pair = 0; pair < work.Pairs; pair++)
        {
            var server = new Server(this);
            server.A = new Client(this, server, work.TripsPerPair);
            server.B = new Backend(this, server);
            After(Workload.Hold, server.A, Wake.Instance);
        }

        while (_running > 0)
        {
            Event next;
            if (_hasLone)
            {
                _hasLone = false;
                _now = _loneAt;
                next = _lone;
            }
            else if (!_queue.TryPop(out _now, out next))
            {
                break;
            }

            next.Target.On(next.Message);
        }

        return _now - start;
    }

    public void Dispose()
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void After(long cycles, Node target, object message)
    {
        var at = _now + cycles;
        if (!_hasLone && _queue.Count == 0)
        {
            _hasLone = true;
            _loneAt = at;
            _lone = new Event(target, message);
            return;
        }

        if (_hasLone)
        {
            _hasLone = false;
            _queue.Push(_loneAt, _lone);
        }

        _queue.Push(at, new Event(target, message));
    }

    private readonly struct Event(Node target, object message)
    {
        public readonly Node Target = target;
        public readonly object Message = message;
    }

    private abstract class Node(HandLoop loop)
    {
        protected HandLoop Loop { get; } = loop;

        public abstract void On(object message);
    }

    private sealed class Client(HandLoop loop, Node server, long trips) : Node(loop)
    {
        private readonly Letter _letter = new() { From = Party.A };
        private long _left = trips;

        public override void On(object message)
        {
            if (message is Wake)
            {
                Loop.After(Workload.Latency, server, _letter);
            }
            else if (--_left > 0)
            {
                Loop.After(Workload.Hold, this, Wake.Instance);
            }
            else
            {
                Loop._running--;
            }
        }
    }

    private sealed class Server(HandLoop loop) : Node(loop)
    {
        private readonly Letter _letter = new() { From = Party.S };
        private Party _from;

        public Node A { get; set; } = null!;

        public Node B { get; set; } = null!;

        public override void On(object message)
        {
            if (message is Letter letter)
            {
                _from = letter.From;
                Loop.After(Workload.Hold, this, Wake.Instance);
            }
            else
            {
                Loop.After(Workload.Latency, _from == Party.A ? B : A, _letter);
            }
        }
    }

    private sealed class Backend(HandLoop loop, Node server) : Node(loop)
    {
        private readonly Letter _letter = new() { From = Party.B };

        public override void On(object message)
        {
            if (message is Letter)
            {
                Loop.After(Workload.Hold, this, Wake.Instance);
            }
            else
            {
                Loop.After(Workload.Latency, server, _letter);
            }
        }
    }
}
