using System.Runtime.InteropServices;
using Abi.Kernel;
using Abi.Posix;
using LibSys.Protocols;

namespace LibSys.Descriptors;

/// <summary>The console, as descriptors 0, 1 and 2 have it.</summary>
public sealed class OpenConsole : OpenDescription
{
    /// <inheritdoc/>
    public override async ValueTask<long> Read(Sys sys, Memory<byte> into)
    {
        var answer = await sys.Call(
            sys.Connections.To(ConsoleProtocol.Name), Message.Request(ConsoleProtocol.Read),
            Retries.ConsoleRead.Retry, into, LeaseAccess.Write);
        return answer.A;
    }

    /// <inheritdoc/>
    public override async ValueTask<long> Write(Sys sys, ReadOnlyMemory<byte> from)
    {
        var answer = await sys.Call(
            sys.Connections.To(ConsoleProtocol.Name), Message.Request(ConsoleProtocol.Write),
            Retries.ConsoleWrite.Retry, MemoryMarshal.AsMemory(from), LeaseAccess.Read);
        return answer.A;
    }

    /// <inheritdoc/>
    public override ValueTask<(long Result, FileStatus Status)> GetStatus(Sys sys) =>
        new((0, new FileStatus(0, ModeBits.S_IFCHR | 0x190, 1, 0, 0)));

    /// <inheritdoc/>
    public override ValueTask<long> Close(Sys sys) => new(0L);
}
