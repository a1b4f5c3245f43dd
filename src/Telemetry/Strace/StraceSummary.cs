using System.Globalization;
using Abi.Posix;
using Abi.Units;
using Records;

namespace Telemetry.Strace;

/// <summary>
/// Adds calls up and writes the table of `strace -c -w`: the same columns, widths and order (by
/// time, then by name), with virtual time from each call to its return. Seconds have nine digits
/// and microseconds a call three, for most calls take less than strace's one microsecond. Exit
/// never returns and is not counted, as there.
/// </summary>
/// <param name="frequency">The clock that cycles are counted by.</param>
public sealed class StraceSummary(Frequency frequency) : ICallSink
{
    private const string Heading =
        "% time     seconds  usecs/call     calls    errors syscall\n";

    private const string Line =
        "------ ----------- ----------- --------- --------- ----------------\n";

    private readonly Dictionary<PosixCall, Totals> calls = [];

    /// <inheritdoc/>
    public void Record(in FinishedCall call)
    {
        if (call.Call != PosixCall.Exit)
        {
            if (!calls.TryGetValue(call.Call, out var totals))
            {
                calls.Add(call.Call, totals = new Totals());
            }

            totals.Add(call.Ended - call.Began, call.Result < 0);
        }
    }

    /// <summary>Writes the table of what came so far.</summary>
    public void Write(TextWriter output)
    {
        var all = new Totals();
        foreach (var each in calls.Values)
        {
            all.Add(each);
        }

        output.Write(Heading);
        output.Write(Line);
        var rows = calls.Select(each => (Totals: each.Value, Name: CallText.NameOf(each.Key)))
            .OrderByDescending(row => row.Totals.Cycles)
            .ThenBy(row => row.Name, StringComparer.Ordinal);
        foreach (var (totals, name) in rows)
        {
            Write(output, totals, all.Cycles, name);
        }

        output.Write(Line);
        Write(output, all, all.Cycles, "total");
    }

    private void Write(TextWriter output, Totals totals, long all, string name)
    {
        const decimal Billion = 1_000_000_000;
        var nanoseconds = frequency.ToNanoseconds(new Cycles(totals.Cycles));
        var percent = all == 0 ? 0 : 100m * totals.Cycles / all;
        var each = totals.Calls == 0
            ? 0
            : totals.Cycles * (1_000_000m / frequency.Hertz) / totals.Calls;
        output.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{percent,6:F2} {nanoseconds / Billion,11:F9} {each,11:F3} {totals.Calls,9} "
            + $"{(totals.Errors == 0 ? "" : totals.Errors),9} {name}\n"));
    }

    private sealed class Totals
    {
        public long Calls { get; private set; }

        public long Errors { get; private set; }

        public long Cycles { get; private set; }

        public void Add(long cycles, bool isError)
        {
            Calls++;
            Cycles += cycles;
            Errors += isError ? 1 : 0;
        }

        public void Add(Totals other)
        {
            Calls += other.Calls;
            Cycles += other.Cycles;
            Errors += other.Errors;
        }
    }
}
