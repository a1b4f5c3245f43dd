using Records;

namespace Machine.Tests;

/// <summary>Keeps every trace record of a run.</summary>
internal sealed class TraceRecorder : ITraceSink
{
    public List<TraceRecord> Records { get; } = [];

    public void Record(in TraceRecord record) => Records.Add(record);
}

/// <summary>Keeps every finished call of a run.</summary>
internal sealed class CallRecorder : ICallSink
{
    public List<FinishedCall> Calls { get; } = [];

    /// <summary>What the calls of a process were answered, in order, without when.</summary>
    public List<string> ResultsOf(string process) =>
    [
        .. Calls.Where(call => call.ProcessName == process).Select(Describe),
    ];

    /// <summary>What the calls of every process were answered, process by process.</summary>
    public List<string> Results() =>
    [
        .. Calls.OrderBy(call => call.Process).ThenBy(call => call.Position)
            .Select(call => $"{call.Process}: {Describe(call)}"),
    ];

    public void Record(in FinishedCall call) => Calls.Add(call);

    private static string Describe(FinishedCall call) =>
        $"{call.ProcessName} {call.Call}({call.A}, {call.B}, {call.C}, {call.Text}) "
        + $"= {call.Result}";
}
