using Abi;
using Abi.Kernel;
using LibSys;

namespace Validation.Benchmarks;

/// <summary>The kernel's calls as benchmarks make them: no library between.</summary>
internal static class Raw
{
    public static ValueTask<Errno> Receive(Sys sys, CapSlot endpoint) =>
        On(sys, Syscall.Receive, endpoint);

    public static ValueTask<Errno> ReplyReceive(Sys sys, CapSlot endpoint, Message answer)
    {
        sys.Registers.Message = answer;
        return On(sys, Syscall.ReplyReceive, endpoint);
    }

    public static ValueTask<Errno> Send(Sys sys, CapSlot endpoint)
    {
        sys.Registers.Message = default;
        return On(sys, Syscall.Send, endpoint);
    }

    public static async ValueTask<Errno> On(Sys sys, Syscall number, CapSlot slot)
    {
        sys.Registers.Capability = slot;
        return await sys.Trap(number);
    }
}
