using Akka.Actor;

namespace Engine.Tests;

public sealed class EventOrderTests
{
    private static readonly Gen<Stamp> s_stamp =
        Gen.Select(Gen.Long[0, 5], Gen.Int[0, 3], Gen.Int[0, 2], (at, eventClass, lane) =>
            new Stamp(at, (EventClass)eventClass, lane * 127));

    [Fact]
    public void Events_happen_by_time_class_lane_and_order_of_posting() =>
        s_stamp.Array[0, 40].Sample(
            stamps =>
            {
                using var simulation = new Simulation();
                var log = new List<(int Number, long At)>();
                var port = simulation.Spawn(Props.Create(() => new Recorder(log)), "recorder");
                for (var i = 0; i < stamps.Length; i++)
                {
                    var stamp = stamps[i];
                    simulation.Engine.PostAt(port, i, stamp.At, stamp.Class, stamp.Lane);
                }

                simulation.Run();

                Assert.Equal(
                    stamps.Select((stamp, number) => (Stamp: stamp, Number: number))
                        .OrderBy(x => x.Stamp.At).ThenBy(x => x.Stamp.Class)
                        .ThenBy(x => x.Stamp.Lane).ThenBy(x => x.Number)
                        .Select(x => (x.Number, x.Stamp.At)),
                    log);
            },
            iter: 100);

    [Fact]
    public void Events_posted_by_events_keep_the_order_and_come_after_what_has_happened() =>
        Gen.Select(s_stamp, s_stamp).Array[1, 30].Sample(
            pairs =>
            {
                using var simulation = new Simulation();
                var log = new List<int>();
                var port = simulation.Spawn(Props.Create(() => new Relay(log)), "relay");
                var reference = new SortedDictionary<(Stamp, int Sequence), (int, Stamp? Then)>();
                var sequence = 0;
                for (var i = 0; i < pairs.Length; i++)
                {
                    var (first, then) = pairs[i];
                    simulation.Engine.PostAt(
                        port, new Relayed(i, then), first.At, first.Class, first.Lane);
                    reference.Add((first, sequence++), (i, then));
                }

                var expected = new List<int>();
                while (reference.Count != 0)
                {
                    var ((key, _), (number, then)) = reference.First();
                    reference.Remove(reference.Keys.First());
                    expected.Add(number);
                    if (then is { } wish)
                    {
                        var next = wish with { At = key.At + wish.At };
                        next = next.CompareTo(key) < 0 ? key : next;
                        reference.Add((next, sequence++), (number + 1000, null));
                    }
                }

                simulation.Run();
                Assert.Equal(expected, log);
            },
            iter: 100);

    [Fact]
    public void What_is_posted_now_happens_before_every_timed_event()
    {
        using var simulation = new Simulation();
        var log = new List<(int Number, long At)>();
        var port = simulation.Spawn(Props.Create(() => new Recorder(log)), "recorder");

        simulation.Engine.PostAt(port, 3, 0, EventClass.Device, 0);
        simulation.Engine.Post(port, 1);
        port.Ref.Tell(2);
        simulation.Run();

        Assert.Equal([(1, 0L), (2, 0L), (3, 0L)], log);
    }

    [Fact]
    public void A_time_that_has_passed_and_a_place_that_does_not_exist_are_refused()
    {
        using var simulation = new Simulation();
        var engine = simulation.Engine;
        var port = simulation.Spawn(Props.Create(() => new Recorder(new())), "recorder");
        engine.PostAt(port, 1, 100, EventClass.Trap, 0);
        simulation.Run();
        Assert.Equal(100, engine.NowCycles);

        void Refused(long at, EventClass eventClass, int lane) =>
            Assert.Throws<ArgumentOutOfRangeException>(
                () => engine.PostAt(port, 1, at, eventClass, lane));

        Refused(99, EventClass.Trap, 0);
        Refused(1L << 53, EventClass.Trap, 0);
        Refused(100, (EventClass)4, 0);
        Refused(100, EventClass.Trap, 256);
        Refused(100, EventClass.Trap, -1);
        engine.PostAt(port, 1, (1L << 53) - 1, EventClass.Trap, 255);
        simulation.Run();
        Assert.Equal((1L << 53) - 1, engine.Now.Cycles);
    }

    private readonly record struct Stamp(long At, EventClass Class, int Lane) : IComparable<Stamp>
    {
        public int CompareTo(Stamp other) =>
            (At, (int)Class, Lane).CompareTo((other.At, (int)other.Class, other.Lane));
    }

    private sealed record Relayed(int Number, Stamp Then);

    private sealed class Recorder(List<(int Number, long At)> log) : SimulatedActor
    {
        protected override void Handle(object message) => log.Add(((int)message, Engine.NowCycles));
    }

    private sealed class Relay(List<int> log) : SimulatedActor
    {
        protected override void Handle(object message)
        {
            if (message is Relayed(var number, var then))
            {
                log.Add(number);
                var at = Engine.NowCycles + then.At;
                Engine.PostAt(Port, number + 1000, at, then.Class, then.Lane);
            }
            else
            {
                log.Add((int)message);
            }
        }
    }
}
