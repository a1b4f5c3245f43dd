using System.Runtime.CompilerServices;
using Abi.Costs;
using LibSys;
using Programs.Language;

namespace Programs.Interpreter;

/// <summary>
/// A statement, ready to run. It holds no state of a run: all processes share it.
/// </summary>
internal abstract class Step
{
    /// <summary>
    /// Runs it. Work that is not asked for: one cycle for each iteration of a loop.
    /// </summary>
    public abstract ValueTask Run(Frame frame);
}

internal sealed class AssignNumber(int slot, NumberNode value) : Step
{
    public override ValueTask Run(Frame frame)
    {
        frame.Numbers[slot] = value.Evaluate(frame);
        return ValueTask.CompletedTask;
    }
}

internal sealed class AssignText(int slot, TextNode value) : Step
{
    public override ValueTask Run(Frame frame)
    {
        frame.Texts[slot] = value.Evaluate(frame);
        return ValueTask.CompletedTask;
    }
}

internal sealed class ComputeCycles(NumberNode count) : Step
{
    public override ValueTask Run(Frame frame)
    {
        var cycles = count.Evaluate(frame);
        if (cycles > 0)
        {
            frame.Sys.Work(Part.ProgramCycle, cycles);
        }

        return ValueTask.CompletedTask;
    }
}

internal sealed class ComputeTime(NumberNode nanoseconds) : Step
{
    public override ValueTask Run(Frame frame)
    {
        var cycles = frame.Sys.Frequency.FromNanoseconds(nanoseconds.Evaluate(frame)).Count;
        if (cycles > 0)
        {
            frame.Sys.Work(Part.ProgramCycle, cycles);
        }

        return ValueTask.CompletedTask;
    }
}

internal sealed class DigestStep(int line, string text, NumberNode descriptor) : Step
{
    public override ValueTask Run(Frame frame)
    {
        if (!frame.Digests!.Report(descriptor.Evaluate(frame), frame.Observer))
        {
            frame.Observer?.ResultDiffers(new ResultDifference(
                frame.Process, frame.Index, line, text, "a descriptor opened by a path",
                "-1 EBADF"));
        }

        return ValueTask.CompletedTask;
    }
}

internal sealed class RepeatStep(NumberNode count, Step[] body) : Step
{
    [AsyncMethodBuilder(typeof(ActivationBuilder))]
    public override async ValueTask Run(Frame frame)
    {
        for (var left = count.Evaluate(frame); left > 0; left--)
        {
            await frame.Iterate();
            foreach (var step in body)
            {
                await step.Run(frame);
            }
        }
    }
}

internal sealed class WhileStep(
    InvokeStep? call, NumberNode left, Relation relation, NumberNode right, Step[] body) : Step
{
    [AsyncMethodBuilder(typeof(ActivationBuilder))]
    public override async ValueTask Run(Frame frame)
    {
        while (true)
        {
            await frame.Iterate();
            if (call is not null)
            {
                await call.Run(frame);
            }

            if (!Relations.Holds(relation, left.Evaluate(frame), right.Evaluate(frame)))
            {
                return;
            }

            foreach (var step in body)
            {
                await step.Run(frame);
            }
        }
    }
}

/// <summary>Makes a call, keeps its result, and compares it with what the author expects.</summary>
/// <param name="line">The line of the call.</param>
/// <param name="text">The call as the program has it.</param>
/// <param name="call">What makes it.</param>
/// <param name="delivered">What happens with what it filled in; empty for most calls.</param>
/// <param name="target">The variable that gets the result, or -1.</param>
/// <param name="expected">What the result should be, or null.</param>
internal sealed class InvokeStep(
    int line, string text, Func<Frame, ValueTask<SysResult>> call, Delivery[] delivered,
    int target, ResultCheck? expected) : Step
{
    [AsyncMethodBuilder(typeof(ActivationBuilder))]
    public override async ValueTask Run(Frame frame)
    {
        var result = await call(frame);
        foreach (var delivery in delivered)
        {
            if (delivery.Take(frame, result) is { } difference)
            {
                Report(frame, difference.Expected, difference.Actual);
            }
        }

        if (expected is not null && !expected.Fits(frame, result))
        {
            Report(frame, expected.Describe(frame), result.ToString());
        }

        if (target >= 0)
        {
            frame.Numbers[target] = result.Failed ? -1 : result.Raw;
        }
    }

    private void Report(Frame frame, string wanted, string actual) =>
        frame.Observer?.ResultDiffers(
            new ResultDifference(frame.Process, frame.Index, line, text, wanted, actual));
}
