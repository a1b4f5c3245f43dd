using System.Text.Json;

namespace Telemetry.TraceEvents;

/// <summary>
/// The track of one thread: slices that nest by construction. Outer ones are calls and requests;
/// the innermost are what the thread runs, and what it asked the kernel for until it runs again.
/// A segment's slices are written when it is over, for only then is known what began and ended in
/// it; an arrow's end is written after the slice that it points to, as readers want it.
/// </summary>
internal sealed class ThreadTrack(TraceEventWriter writer, Place place, int component)
{
    private static readonly JsonEncodedText s_running = JsonEncodedText.Encode("running");
    private static readonly JsonEncodedText s_runs = JsonEncodedText.Encode("runs");
    private static readonly JsonEncodedText s_trap = JsonEncodedText.Encode("trap");

    private readonly List<OpenSlice> open = [];

    // What it ran of its segment so far; the last has no end yet while it runs.
    private readonly List<(long Began, long Ended)> pieces = [];
    private readonly List<Arrow> arriving = [];
    private readonly List<Arrow> arrived = [];
    private readonly List<Arrow> leaving = [];
    private JsonEncodedText trapName;
    private long trapDrawnTo;

    /// <summary>Where it is drawn.</summary>
    public Place Place => place;

    /// <summary>The component that it was made for, or -1: it runs a program.</summary>
    public int Component => component;

    /// <summary>Whether it is on a core.</summary>
    public bool IsRunning => pieces.Count > 0 && pieces[^1].Ended == long.MaxValue;

    /// <summary>Whether it was taken off its core in the middle of a segment.</summary>
    public bool IsSuspended { get; private set; }

    /// <summary>Whether it is in the kernel or waits there.</summary>
    public bool IsTrapped { get; private set; }

    /// <summary>Since when it is in the kernel, or was last.</summary>
    public long TrappedAt { get; private set; } = -1;

    /// <summary>Since when it runs, if it does.</summary>
    public long RunsSince => pieces[^1].Began;

    /// <summary>Whether it was woken and has not run since.</summary>
    public bool IsReady { get; set; }

    /// <summary>Before time begins: it waits in the kernel.</summary>
    public void WaitFromZero(JsonEncodedText name)
    {
        IsTrapped = true;
        trapName = name;
    }

    /// <summary>Before time begins: it runs.</summary>
    public void ForgetTrap() => IsTrapped = false;

    /// <summary>Time begins.</summary>
    public void StartAtZero() => TrappedAt = IsTrapped ? 0 : -1;

    /// <summary>It begins a segment.</summary>
    public void Run(long now)
    {
        CloseTrap(now);
        arrived.AddRange(arriving);
        arriving.Clear();
        IsSuspended = false;
        pieces.Add((now, long.MaxValue));
    }

    /// <summary>It goes on with its segment.</summary>
    public void Resume(long now)
    {
        IsSuspended = false;
        pieces.Add((now, long.MaxValue));
    }

    /// <summary>It is taken off its core.</summary>
    public void Suspend(long now)
    {
        EndPiece(now);
        IsSuspended = true;
    }

    /// <summary>It enters the kernel; its segment is over.</summary>
    public void Trap(JsonEncodedText name, long now)
    {
        EndPiece(now);
        WriteTo(now);
        IsSuspended = false;
        IsTrapped = true;
        TrappedAt = now;
        trapDrawnTo = now;
        trapName = name;
    }

    /// <summary>What it asked the kernel for is done, though it does not run yet.</summary>
    public void CloseTrap(long now)
    {
        if (!IsTrapped)
        {
            return;
        }

        DrawTrap(now);
        IsTrapped = false;
        foreach (var arrow in leaving)
        {
            writer.FlowBegins(place, arrow.Name, arrow.Number, arrow.Sent);
        }

        leaving.Clear();
    }

    /// <summary>A slice begins in which the next ones lie.</summary>
    public void Open(OpenSlice slice)
    {
        WriteTo(slice.Began);
        open.Add(slice);
        writer.Begin(place, slice.Name, slice.Category, slice.Began, slice.Request);
    }

    /// <summary>A slice ends, and those in it, if it is still open.</summary>
    public void Close(OpenSlice slice, long now, string? outcome = null)
    {
        var depth = open.LastIndexOf(slice);
        if (depth < 0)
        {
            return;
        }

        // Who waits in there for an answer is out when it is given, but not yet on a core.
        DrawTrap(now);
        WriteTo(now);
        WriteArrows(now);
        while (open.Count > depth)
        {
            var last = open[^1];
            open.RemoveAt(open.Count - 1);
            writer.End(
                place, last.Name, last.Began, now, last == slice ? outcome : null);
        }
    }

    /// <summary>All slices end.</summary>
    public void CloseAll(long now)
    {
        if (open.Count > 0)
        {
            Close(open[0], now);
        }
    }

    /// <summary>A message is here; the thread reads it when it runs.</summary>
    public void Receive(Arrow arrow) => arriving.Add(arrow);

    /// <summary>It sent what another thread begins to read; the arrow's start is written.</summary>
    public void Depart(Arrow arrow)
    {
        if (IsTrapped && TrappedAt == arrow.Sent)
        {
            leaving.Add(arrow);
        }
        else
        {
            writer.FlowBegins(place, arrow.Name, arrow.Number, arrow.Sent);
        }
    }

    /// <summary>Writes what it ran up to now.</summary>
    public void WriteTo(long now)
    {
        var done = 0;
        for (var i = 0; i < pieces.Count && pieces[i].Began < now; i++)
        {
            var (began, ended) = pieces[i];
            if (ended <= now)
            {
                Leaf(s_running, s_runs, began, ended);
                done++;
            }
            else
            {
                Leaf(s_running, s_runs, began, now);
                pieces[i] = (now, ended);
            }
        }

        pieces.RemoveRange(0, done);
    }

    /// <summary>It runs no more.</summary>
    public void Die(long now)
    {
        EndPiece(now);
        WriteTo(now);
        CloseTrap(now);
        CloseAll(now);
        pieces.Clear();
        IsSuspended = false;
    }

    private void DrawTrap(long now)
    {
        if (IsTrapped)
        {
            Leaf(trapName, s_trap, trapDrawnTo, now);
            trapDrawnTo = now;
        }
    }

    private void EndPiece(long now)
    {
        if (IsRunning)
        {
            pieces[^1] = (pieces[^1].Began, now);
            if (pieces[^1].Began == now)
            {
                pieces.RemoveAt(pieces.Count - 1);
            }
        }
    }

    private void Leaf(JsonEncodedText name, JsonEncodedText category, long began, long ended)
    {
        if (began == ended)
        {
            return;
        }

        writer.Begin(place, name, category, began, ended, null);
        WriteArrows(began);
        writer.End(place, name, ended);
    }

    private void WriteArrows(long now)
    {
        foreach (var arrow in arrived)
        {
            writer.FlowEnds(place, arrow.Name, arrow.Number, now);
            arrow.From.Depart(arrow);
        }

        arrived.Clear();
    }
}

/// <summary>A slice that is not over.</summary>
internal sealed record OpenSlice(
    JsonEncodedText Name, JsonEncodedText Category, long Request, long Began)
{
    /// <summary>One slice is not another that looks the same.</summary>
    public bool Equals(OpenSlice? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => Request.GetHashCode();
}

/// <summary>A message on its way.</summary>
/// <param name="Name">A call or a reply.</param>
/// <param name="Number">Its number among the messages of the run.</param>
/// <param name="From">Who sent it.</param>
/// <param name="Sent">When.</param>
internal sealed record Arrow(JsonEncodedText Name, long Number, ThreadTrack From, long Sent);
