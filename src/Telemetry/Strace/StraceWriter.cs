using System.Globalization;
using System.Text;
using Abi.Units;
using Records;

namespace Telemetry.Strace;

/// <summary>
/// Writes finished calls as `strace -f -ttt -T -s 0` prints them, with virtual time: nine digits
/// instead of
/// strace's six, for there is no rounding to hide. What a call filled in is not recorded and stands
/// as
/// `""...` or `{...}`. Calls are written as they end, so times of different processes may step
/// back.
/// </summary>
/// <param name="output">Where to; not closed.</param>
/// <param name="frequency">The clock that cycles are counted by.</param>
public sealed class StraceWriter(TextWriter output, Frequency frequency) : ICallSink
{
    private const long Billion = 1_000_000_000;
    private readonly StringBuilder line = new();

    /// <inheritdoc/>
    public void Record(in FinishedCall call)
    {
        line.Clear();
        line.Append("[pid ").Append(CultureInfo.InvariantCulture, $"{call.Process,2}] ");
        AppendSeconds(call.Began);
        line.Append(' ');
        CallText.Append(line, call);
        line.Append(" <");
        AppendSeconds(call.Ended - call.Began);
        line.Append(">\n");
        output.Write(line);
    }

    private void AppendSeconds(long cycles)
    {
        var nanoseconds = frequency.ToNanoseconds(new Cycles(cycles));
        line.Append(
            CultureInfo.InvariantCulture, $"{nanoseconds / Billion}.{nanoseconds % Billion:D9}");
    }
}
