namespace Bench;

/// <summary>One part of the suite: a question, and a run that answers it.</summary>
/// <param name="Name">How the command line calls it.</param>
/// <param name="Question">What is measured, in a few words.</param>
/// <param name="Run">Measures, prints, and returns whether every target was met.</param>
internal sealed record Part(string Name, string Question, Func<bool> Run);

/// <summary>All parts, in the order in which they run.</summary>
internal static class Parts
{
    public static IReadOnlyList<Part> All { get; } =
    [
        new("roundtrip", "wall time of a client-server round trip", RoundTrip.RoundTripPart.Run),
        new("reads", "simulated read() cache hits a second", Runs.ReadsPart.Run),
        new("growth", "time and memory as processes and calls grow", Runs.GrowthPart.Run),
        new("export", "what writing each call to a file costs", Runs.ExportPart.Run),
        new("page", "time to open and zoom the report page in a browser", Page.PagePart.Run),
    ];
}
