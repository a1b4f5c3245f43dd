using Abi.Costs;
using Records;

namespace Telemetry.Requests;

/// <summary>
/// One POSIX call and everything that was done for it: a tree of spans, and pieces of time of
/// which each belongs to one span. All times are cycles of virtual time since the machine was up.
/// </summary>
/// <param name="Call">What was called, by whom; its times are virtual time too.</param>
/// <param name="Root">The call as its program sees it.</param>
/// <param name="Pieces">
/// Where its time went: in order, without gap or overlap, from begin to end.
/// </param>
/// <param name="Result">Not negative, or an errno negated; null: it never returned.</param>
public sealed record Request(
    StartedCall Call, RequestSpan Root, IReadOnlyList<RequestPiece> Pieces, long? Result)
{
    /// <summary>When it began.</summary>
    public long Began => Root.Began;

    /// <summary>When it ended.</summary>
    public long Ended => Root.Ended;

    /// <summary>From begin to end, cycles.</summary>
    public long Length => Ended - Began;

    /// <summary>All spans, parents before their children, in order of time.</summary>
    public IEnumerable<RequestSpan> Spans => Root.AndBelow();
}

/// <summary>Whose view of a request a span is.</summary>
public enum SpanRole
{
    /// <summary>The program's: the call itself.</summary>
    Program,
    /// <summary>The kernel's: from a trap until its thread goes on.</summary>
    Kernel,
    /// <summary>A component's: from having the request until its answer.</summary>
    Component,
}

/// <summary>A part of a request between two crossings.</summary>
/// <param name="id">Its ordinal number in its request, from 0.</param>
/// <param name="parent">The span that it is a part of, or null: the request itself.</param>
/// <param name="role">Whose view it is.</param>
/// <param name="component">The component's name; "program" or "kernel" for theirs.</param>
/// <param name="name">What is done: the POSIX call, the kernel's system call, or the component's
/// name.</param>
/// <param name="thread">The number of the thread that does it.</param>
public sealed class RequestSpan(
    int id, RequestSpan? parent, SpanRole role, string component, string name, int thread)
{
    private readonly List<RequestSpan> children = [];
    private readonly List<RequestPiece> pieces = [];

    /// <summary>Its ordinal number in its request, from 0.</summary>
    public int Id { get; } = id;

    /// <summary>The span that it is a part of, or null: the request itself.</summary>
    public RequestSpan? Parent { get; } = parent;

    /// <summary>Whose view it is.</summary>
    public SpanRole Role { get; } = role;

    /// <summary>The component's name; "program" or "kernel" for theirs.</summary>
    public string Component { get; } = component;

    /// <summary>What is done: the POSIX call, the kernel's system call, or the component's
    /// name.</summary>
    public string Name { get; } = name;

    /// <summary>The number of the thread that does it.</summary>
    public int Thread { get; } = thread;

    /// <summary>The name of that thread.</summary>
    public string ThreadName { get; internal set; } = "";

    /// <summary>The core to which that thread is bound; -1: not known.</summary>
    public int Core { get; internal set; } = -1;

    /// <summary>How the request came here; null for the program's span and the
    /// kernel's.</summary>
    public Crossing? Crossing { get; internal init; }

    /// <summary>When it began, cycles of virtual time.</summary>
    public long Began { get; internal set; }

    /// <summary>When it ended, cycles of virtual time.</summary>
    public long Ended { get; internal set; }

    /// <summary>From begin to end, cycles.</summary>
    public long Length => Ended - Began;

    /// <summary>How deep below the request, 0 for the request itself.</summary>
    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>Whether who worked on it died under it.</summary>
    public bool IsCut { get; internal set; }

    /// <summary>The span that was cut and that this one tries again, or null.</summary>
    public RequestSpan? RetryOf { get; internal set; }

    /// <summary>What it consists of, in order of time.</summary>
    public IReadOnlyList<RequestSpan> Children => children;

    /// <summary>The pieces of time that passed in it but in none of its children, in
    /// order.</summary>
    public IReadOnlyList<RequestPiece> Pieces => pieces;

    /// <summary>This span and all below it, parents first, in order of time.</summary>
    public IEnumerable<RequestSpan> AndBelow() =>
        children.SelectMany(child => child.AndBelow()).Prepend(this);

    internal void Add(RequestSpan child) => children.Add(child);

    internal void Add(in RequestPiece piece) => pieces.Add(piece);
}

/// <summary>A piece of a request's time with one reason.</summary>
/// <param name="Began">When it began, cycles of virtual time.</param>
/// <param name="Ended">When it ended, cycles of virtual time.</param>
/// <param name="Cause">What the time was for.</param>
/// <param name="Part">The part of the profile that was charged; null: it waited.</param>
/// <param name="Count">
/// How often the part was charged; 0 if this goes on with the piece before, after an interruption.
/// </param>
/// <param name="Component">In whose code, by name.</param>
/// <param name="Span">The number of the span to which it belongs.</param>
public readonly record struct RequestPiece(
    long Began, long Ended, Cause Cause, Part? Part, long Count, string Component, int Span)
{
    /// <summary>From begin to end, cycles.</summary>
    public long Length => Ended - Began;
}
