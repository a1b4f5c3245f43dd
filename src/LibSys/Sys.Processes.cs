using System.Runtime.CompilerServices;
using System.Text;
using Abi.Kernel;
using Abi.Posix;
using LibSys.Protocols;

namespace LibSys;

// Processes: the process manager knows who is whose child; the kernel makes and ends them.
public sealed partial class Sys
{
    private Connection Processes => field ??= Connections.To(ProcessProtocol.Name);

    /// <summary>
    /// The exit status, 0 to 255, of the child that the last successful <see cref="Wait(long)"/>
    /// returned.
    /// </summary>
    public int ChildStatus { get; private set; }

    /// <summary>
    /// getpid(): the number of this process, positive. Asks the process manager: the null call of a
    /// multiserver system.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<SysResult> Getpid()
    {
        Begin(PosixCall.Getpid);
        var answer = await Call(
            Processes, Message.Request(ProcessProtocol.Getpid), Retries.ProcessQuery.Retry);
        return End(answer.A);
    }

    /// <summary>
    /// spawn(program): makes a child process that runs the program of this name; its number.
    /// ENOENT: there is no such program. EIO: the process manager died meanwhile, and the child may
    /// exist.
    /// </summary>
    public async ValueTask<SysResult> Spawn(string program)
    {
        Begin(PosixCall.Spawn, text: program);
        var request = Message.Request(ProcessProtocol.Spawn).With(Encoding.UTF8.GetBytes(program));
        var answer = await Call(Processes, request, Retries.Spawn.Retry);
        return End(answer.A);
    }

    /// <summary>
    /// wait(pid): waits until the child, or any for -1, has ended; its number, and its status in
    /// <see cref="ChildStatus"/>. ECHILD: no such child is left to wait for. EIO: the process
    /// manager died meanwhile; it does not remember children that were made before.
    /// </summary>
    public async ValueTask<SysResult> Wait(long pid = -1)
    {
        Begin(PosixCall.Wait, pid);
        var answer = await Call(
            Processes, Message.Request(ProcessProtocol.Wait, pid), Retries.Wait.Retry);
        if (answer.A >= 0)
        {
            ChildStatus = (int)answer.B;
        }

        return End(answer.A);
    }

    /// <summary>
    /// exit(status): ends this process; does not return. Of the status the low eight bits count.
    /// </summary>
    public async ValueTask Exit(int status)
    {
        Begin(PosixCall.Exit, status);
        Registers.Arg0 = status & 0xFF;
        await Trap(Syscall.ThreadExit);
    }
}
