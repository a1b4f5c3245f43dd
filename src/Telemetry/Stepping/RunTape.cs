using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Records;

namespace Telemetry.Stepping;

/// <summary>
/// A whole run on tape, to be gone through forward and back. The records are in a temporary file
/// that is gone when it is closed; in memory is a state for each so many records, from which any
/// other is a short way. So memory hardly grows with the run.
/// </summary>
public sealed class RunTape : ITraceSink, IDisposable
{
    /// <summary>How many records lie between two states that are kept.</summary>
    public const int Interval = 4096;

    private static readonly int Size = Unsafe.SizeOf<TraceRecord>();
    private readonly FileStream file;
    private readonly TraceRecord[] writing = new TraceRecord[Interval];
    private readonly TraceRecord[] reading = new TraceRecord[Interval];
    private readonly List<RunState> kept = [];
    private readonly List<(long Before, ThreadDescription Thread)> threads = [];
    private RunState? last;
    private RunState? shown;
    private int written;
    private long inReading = -1;

    /// <summary>An empty tape.</summary>
    /// <exception cref="IOException">There is no place for temporary files.</exception>
    public RunTape() => file = new FileStream(
        Path.Combine(Path.GetTempPath(), "micro-" + Path.GetRandomFileName()),
        new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.DeleteOnClose,
        });

    /// <summary>What the numbers stand for.</summary>
    public RunDescription Run => last!.Run;

    /// <summary>How many records there are.</summary>
    public long Count => last?.Records ?? 0;

    /// <summary>The records before the machine was up.</summary>
    public long Up { get; private set; }

    /// <summary>When it was up, cycles: virtual time 0.</summary>
    public long Origin { get; private set; }

    /// <inheritdoc/>
    public void Describe(RunDescription run)
    {
        last = RunState.Begin(run);
        kept.Add(last);
    }

    /// <inheritdoc/>
    public void Describe(in ThreadDescription thread)
    {
        threads.Add((Count, thread));
        last = last!.After(thread);
    }

    /// <inheritdoc/>
    public void IsUp(long now) => (Up, Origin) = (Count, now);

    /// <inheritdoc/>
    public void Record(in TraceRecord record)
    {
        writing[written++] = record;
        last = last!.After(record);
        if (written == Interval)
        {
            file.Seek(0, SeekOrigin.End);
            file.Write(MemoryMarshal.AsBytes(writing.AsSpan()));
            written = 0;
            kept.Add(last);
        }
    }

    /// <summary>The record with a number, from 0.</summary>
    public TraceRecord this[long number]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, Count);
            var block = number / Interval;
            if (block == Count / Interval)
            {
                return writing[number % Interval];
            }

            if (block != inReading)
            {
                file.Seek(block * Interval * Size, SeekOrigin.Begin);
                file.ReadExactly(MemoryMarshal.AsBytes(reading.AsSpan()));
                inReading = block;
            }

            return reading[number % Interval];
        }
    }

    /// <summary>The machine after so many records.</summary>
    public RunState StateAfter(long records)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(records);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(records, Count);
        var state = kept[(int)(records / Interval)];
        if (shown is not null && shown.Records <= records && shown.Records > state.Records)
        {
            state = shown;
        }

        while (state.Records < records)
        {
            state = Next(state);
        }

        shown = state;
        return state;
    }

    /// <summary>The machine one record later.</summary>
    public RunState Next(RunState state)
    {
        var number = state.Records;
        for (var i = FirstAt(number); i < threads.Count && threads[i].Before == number; i++)
        {
            state = state.After(threads[i].Thread);
        }

        return state.After(this[number]);
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    // The first description that came when so many records were there.
    private int FirstAt(long records)
    {
        var (low, high) = (0, threads.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (threads[middle].Before < records)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
