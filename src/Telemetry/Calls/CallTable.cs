using Abi;
using Abi.Costs;
using Abi.Posix;
using Abi.Units;
using CsvHelper;
using Records;
using Telemetry.Strace;

namespace Telemetry.Calls;

/// <summary>
/// Writes a row for each call that returned, in the order of their returns, as comma-separated
/// values (RFC 4180: CRLF, quotes where they are needed). The columns are fixed; those of the
/// causes sum to the latency. Times are virtual.
/// </summary>
public sealed class CallTable : IRequestSink, IDisposable
{
    private static readonly string[] s_causes =
        [.. Enumerable.Range(0, Causes.Count).Select(cause => NameOf((Cause)cause))];

    private static readonly string[] s_crossings =
    [
        .. Enum.GetValues<Crossing>().Select(crossing =>
            KebabCase.Of(crossing.ToString()).Replace('-', '_') + "_crossings"),
    ];

    private static readonly Dictionary<PosixCall, string> s_calls = Enum.GetValues<PosixCall>()
        .ToDictionary(call => call, call => KebabCase.Of(call.ToString()).Replace('-', '_'));

    private readonly string placement;
    private readonly CsvWriter csv;
    private readonly Dictionary<long, Row> rows = [];
    private readonly Stack<Row> spare = [];
    private Frequency frequency;
    private long origin;

    /// <summary>Writes the names of the columns.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="placement">The placement's name.</param>
    public CallTable(Stream output, string placement)
    {
        this.placement = placement;
        csv = CsvWriter.Create(output, CsvWriterOptions.Default, leaveOpen: true);
        csv.WriteHeader([.. Columns]);
    }

    /// <summary>The names of the columns, in order.</summary>
    public static IReadOnlyList<string> Columns { get; } =
    [
        "placement", "process", "pid", "position", "call", "args", "result", "errno", "begin_ns",
        "end_ns", "latency_ns", "begin_cycles", "latency_cycles", .. s_crossings, .. s_causes,
    ];

    /// <inheritdoc/>
    public void Describe(RunDescription run) => frequency = new Frequency(run.FrequencyHertz);

    /// <inheritdoc/>
    public void IsUp(long now) => origin = now;

    /// <inheritdoc/>
    public void Begins(in StartedCall call)
    {
        if (!spare.TryPop(out var row))
        {
            row = new Row();
        }

        row.Call = call;
        Array.Clear(row.Cycles);
        Array.Clear(row.Crossings);
        rows.Add(call.Request, row);
    }

    /// <inheritdoc/>
    public void Step(in RequestStep step)
    {
        if (!rows.TryGetValue(step.Request, out var row))
        {
            return;
        }

        switch (step.Kind)
        {
            case RequestStepKind.Charged:
                row.Cycles[(int)((Part)step.Detail).Cause()] += step.Cycles;
                break;
            case RequestStepKind.Waited:
                row.Cycles[step.Detail] += step.Cycles;
                break;
            case RequestStepKind.Entered:
                row.Crossings[step.Detail]++;
                break;
            case RequestStepKind.Trapped:
            case RequestStepKind.Resumed:
            case RequestStepKind.Left:
            case RequestStepKind.Cut:
            case RequestStepKind.Worked:
                break;
        }
    }

    /// <inheritdoc/>
    public void Ends(long request, long? result, long now)
    {
        if (!rows.Remove(request, out var row))
        {
            return;
        }

        if (result is { } value)
        {
            Write(row, value, now);
        }

        spare.Push(row);
    }

    /// <summary>Writes what is left to write.</summary>
    public void Dispose() => csv.Dispose();

    private static string NameOf(Cause cause) => cause.Name().Replace('-', '_') + "_cycles";

    private void Write(Row row, long result, long now)
    {
        var call = row.Call;
        var (began, ended) = (call.Began - origin, now - origin);
        csv.WriteField(placement);
        csv.WriteField(call.ProcessName);
        csv.WriteField(call.Process);
        csv.WriteField(call.Position);
        csv.WriteField(s_calls[call.Call]);
        csv.WriteField(CallText.ArgumentsOf(call.Finish(result, now)));
        csv.WriteField(result < 0 ? -1 : result);
        csv.WriteField(result < 0 ? ((Errno)(-result)).ToString() : "");
        var (from, to) = (Nanoseconds(began), Nanoseconds(ended));
        csv.WriteField(from);
        csv.WriteField(to);
        csv.WriteField(to - from);
        csv.WriteField(began);
        csv.WriteField(ended - began);
        foreach (var count in row.Crossings)
        {
            csv.WriteField(count);
        }

        foreach (var cycles in row.Cycles)
        {
            csv.WriteField(cycles);
        }

        csv.EndRecord();
    }

    private long Nanoseconds(long cycles) => frequency.ToNanoseconds(new Cycles(cycles));

    private sealed class Row
    {
        public StartedCall Call { get; set; }

        public long[] Cycles { get; } = new long[Causes.Count];

        public long[] Crossings { get; } = new long[s_crossings.Length];
    }
}
