using Akka.Actor;
using Engine;

namespace Bench.RoundTrip;

/// <summary>The workload on our engine, with one kind of actor for the parties.</summary>
internal sealed class EngineContender(Func<Party, Props> props) : IContender
{
    private readonly Simulation _simulation = new();
    private readonly List<Port[]> _pairs = [];

    public static EngineContender Fibers() =>
        new(party => Props.Create<FiberParty>(party));

    public static EngineContender Handlers() =>
        new(party => Props.Create<HandlerParty>(party));

    public long Run(Workload work)
    {
        while (_pairs.Count < work.Pairs)
        {
            _pairs.Add([.. Enum.GetValues<Party>().Select(Spawn)]);
        }

        var start = _simulation.Engine.NowCycles;
        foreach (var pair in _pairs)
        {
            foreach (var party in pair)
            {
                _simulation.Engine.Post(party, new Start(pair, work.TripsPerPair));
            }
        }

        _simulation.Run();
        return _simulation.Engine.NowCycles - start;
    }

    public void Dispose() => _simulation.Dispose();

    private Port Spawn(Party party) =>
        _simulation.Spawn(props(party), $"{party}-{_pairs.Count}");
}
