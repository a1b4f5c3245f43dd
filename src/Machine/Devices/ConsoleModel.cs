using System.Text;
using Abi;
using Abi.Units;

namespace Machine.Devices;

/// <summary>A console that prints within the instruction; what was printed stays in <see
/// cref="Text"/>.</summary>
public sealed class ConsoleModel : DeviceModel
{
    private readonly StringBuilder text = new();

    /// <summary>Everything printed so far, as UTF-8.</summary>
    public string Text => text.ToString();

    /// <inheritdoc/>
    public override string Name => "console";

    /// <inheritdoc/>
    public override bool IsImmediate => true;

    /// <inheritdoc/>
    public override void Submit(DeviceCommand command, VirtualTime now, IDeviceBus bus)
    {
        text.Append(Encoding.UTF8.GetString(command.Memory.Span));
        bus.Finishes(command, Errno.None, command.Memory.Length);
    }
}
