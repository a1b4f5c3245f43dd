namespace Cli.Glossary;

/// <summary>What kind of thing a word names.</summary>
public enum WordKind
{
    /// <summary>A row of the bill.</summary>
    Cause,
    /// <summary>A primitive with a price in the cost profile.</summary>
    Part,
    /// <summary>A limit or delay of the cost profile.</summary>
    ProfileEntry,
    /// <summary>A counter.</summary>
    Counter,
    /// <summary>An errno.</summary>
    Errno,
    /// <summary>A call of programs.</summary>
    Call,
    /// <summary>A system call of the microkernel.</summary>
    Syscall,
    /// <summary>A step at which a crash can be ordered.</summary>
    FaultStep,
    /// <summary>A kind of trace record.</summary>
    TraceRecord,
    /// <summary>A mechanism that can be switched on or off.</summary>
    Mechanism,
    /// <summary>A device's model.</summary>
    Device,
    /// <summary>A server or driver.</summary>
    Component,
    /// <summary>A term of the field, from docs/vocabulary.md.</summary>
    Term,
}

/// <summary>A word and what it means.</summary>
/// <param name="Kind">What kind of thing it names.</param>
/// <param name="Word">As files and reports spell it.</param>
/// <param name="Text">What it means, one or two sentences.</param>
public sealed record Entry(WordKind Kind, string Word, string Text);
