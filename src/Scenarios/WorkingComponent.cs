using Abi.Costs;
using Abi.Kernel;
using LibSys;
using Programs.Interpreter;

namespace Scenarios;

/// <summary>A component whose handler does additional work for each request: what if it were
/// slower, or its work varied?</summary>
/// <param name="component">The component.</param>
/// <param name="work">How much work.</param>
internal sealed class WorkingComponent(Component component, DrawnDuration work) : Component
{
    /// <inheritdoc/>
    public override string Name => component.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<BackgroundThread> Background => component.Background;

    /// <inheritdoc/>
    public override ValueTask Start(Activation self) => component.Start(self);

    /// <inheritdoc/>
    public override ValueTask<Message> Handle(Request request, Activation self)
    {
        var cycles = self.Frequency.FromNanoseconds(work.Next()).Count;
        if (cycles > 0)
        {
            self.Work(Part.HandlerCycle, cycles);
        }

        return component.Handle(request, self);
    }
}
