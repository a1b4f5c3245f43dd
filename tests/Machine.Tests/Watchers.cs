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

    /// <summary>What the calls of each process were answered, without when.</summary>
    public SortedDictionary<string, List<string>> Results()
    {
        var results = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var call in Calls)
        {
            var process = call.ProcessName;
            if (!results.TryGetValue(process, out var ofProcess))
            {
                results.Add(process, ofProcess = []);
            }

            ofProcess.Add($"{call.Call}({call.A}, {call.B}, {call.C}, {call.Text}) = {call.Result}");
        }

        return results;
    }

    public void Record(in FinishedCall call) => Calls.Add(call);
}
