using Programs.Language;

namespace Scenarios.Expectations;

/// <summary>What an expectation says.</summary>
public abstract record Claim
{
    /// <summary>`every process exits 0`, `every process exits 0 in microkernel`</summary>
    /// <param name="Status">The exit status.</param>
    /// <param name="Placement">Where, or null: in each placement.</param>
    public sealed record EveryProcessExits(int Status, string? Placement = null) : Claim;

    /// <summary>`process reader exits 1`: all processes of that name.</summary>
    /// <param name="Process">Their name.</param>
    /// <param name="Status">The exit status.</param>
    /// <param name="Placement">Where, or null: in each placement.</param>
    public sealed record ProcessExits(string Process, int Status, string? Placement = null) : Claim;

    /// <summary>`results as expected`: no result differs from the one behind `=`.</summary>
    /// <param name="Placement">Where, or null: in each placement.</param>
    public sealed record ResultsAsExpected(string? Placement = null) : Claim;

    /// <summary>`same files in every placement`: equal digests of equal paths.</summary>
    public sealed record SameFiles : Claim;

    /// <summary>`microkernel.read.mean > 2 * monolithic.read.mean`</summary>
    /// <param name="Left">Left side.</param>
    /// <param name="How">The comparison.</param>
    /// <param name="Right">Right side.</param>
    public sealed record Comparison(Quantity Left, Relation How, Quantity Right) : Claim;
}

/// <summary>Something with a number in a result. Times are in cycles.</summary>
public abstract record Quantity
{
    /// <summary>`2.5`, `5us`</summary>
    /// <param name="Amount">The number, or nanoseconds.</param>
    /// <param name="IsTime">Whether it is in nanoseconds.</param>
    public sealed record Number(double Amount, bool IsTime) : Quantity;

    /// <summary>
    /// `microkernel.read.mean`, `read.count`, `counters.messages`, `losses`, `time`
    /// </summary>
    /// <param name="Placement">The placement, or null: in each one.</param>
    /// <param name="Subject">A call, `counters`, `bill`, `queues`, `losses` or `time`.</param>
    /// <param name="Detail">Of a call the statistic, of queues the queue's name, a point and the
    /// statistic, else the counter or cause; empty for losses and time.</param>
    public sealed record Reference(string? Placement, string Subject, string Detail) : Quantity
    {
        /// <inheritdoc/>
        public override string ToString() => string.Join(
            '.', new[] { Placement, Subject, Detail }.Where(part => !string.IsNullOrEmpty(part)));
    }

    /// <summary>`a + b`, `a - b`, `a * b`, `a / b`</summary>
    /// <param name="Sign">One of + - * /.</param>
    /// <param name="Left">Left operand.</param>
    /// <param name="Right">Right operand.</param>
    public sealed record Binary(char Sign, Quantity Left, Quantity Right) : Quantity;

    /// <summary>All references in it.</summary>
    public IEnumerable<Reference> References => this switch
    {
        Reference reference => [reference],
        Binary binary => binary.Left.References.Concat(binary.Right.References),
        _ => [],
    };
}
