using Abi;
using Abi.Costs;
using Abi.Devices;
using Abi.Kernel;
using LibSys;
using LibSys.Protocols;

namespace Servers.Console;

/// <summary>
/// Prints what clients write, one piece at a time; its input is always at its end.
/// </summary>
public sealed class ConsoleServer : Component
{
    private const int Device = 0;

    /// <inheritdoc/>
    public override string Name => ConsoleProtocol.Name;

    /// <inheritdoc/>
    public override ValueTask<Message> Handle(Request request, Activation self) =>
        request.Message.Operation switch
        {
            ConsoleProtocol.Write => Write(request.Message.Lease, self),
            ConsoleProtocol.Read => new(Message.Reply(0)),
            _ => new(Message.Fail(Errno.ENOSYS)),
        };

    private static async ValueTask<Message> Write(Lease text, Activation self)
    {
        self.Work(Part.ConsoleLine);
        if (text.Length == 0)
        {
            return Message.Reply(0);
        }

        // A buffer for each request: another activation may print while this one waits for the
        // copy.
        var buffer = new byte[text.Length];
        var copied = await self.ReadLease(text, 0, buffer);
        if (copied < 0)
        {
            return Message.Reply(copied);
        }

        // The device is done when the store to its register is: no interrupt, the completion is
        // there.
        self.Submit(
            Device, new DeviceRequest(0, DeviceOperation.Print, 0, buffer, Lease.None));
        return self.TryTakeCompletion(Device, out var printed) && printed.Error == Errno.None
            ? Message.Reply(copied)
            : Message.Fail(Errno.EIO);
    }
}
