using Abi;
using Abi.Kernel;
using Abi.Posix;
using LibSys;
using Programs.Language;

namespace Programs.Interpreter;

/// <summary>
/// How each call of a program is made on <see cref="Sys"/>. Some arguments are answered here, as
/// their C types could not even carry them: EINVAL for a negative count and a text that is no
/// address, EMSGSIZE for a message that its buffer does not hold; a descriptor beyond 32 bits is
/// none.
/// </summary>
internal static class CallFunctions
{
    // Enough for 1,000 short names; the caller asks again until it is told 0.
    private const long DefaultDirectoryBuffer = 32768;

    /// <summary>The function that makes the call.</summary>
    public static Func<Frame, ValueTask<SysResult>> Of(PosixCall call, Arguments arguments)
    {
        var fd = arguments.Number("fd");
        var count = arguments.Number("count", DefaultDirectoryBuffer);
        var offset = arguments.Number("offset");
        var mode = arguments.Number("mode");
        var endpoint = arguments.Number("endpoint");
        var word = arguments.Number("word");
        var data = arguments.Data();
        switch (call)
        {
            case PosixCall.Read:
                return frame => IsNegative(count, frame)
                    ? Invalid
                    : frame.Sys.Read(Int(fd, frame), frame.Buffer(count.Evaluate(frame)));
            case PosixCall.Write:
                return frame => frame.Sys.Write(Int(fd, frame), data.Evaluate(frame));
            case PosixCall.Pread:
                return frame => IsNegative(count, frame)
                    ? Invalid
                    : frame.Sys.Pread(
                        Int(fd, frame), frame.Buffer(count.Evaluate(frame)),
                        offset.Evaluate(frame));
            case PosixCall.Pwrite:
                return frame => frame.Sys.Pwrite(
                    Int(fd, frame), data.Evaluate(frame), offset.Evaluate(frame));
            case PosixCall.Open:
                var (path, flags) = (arguments.Text("path"), arguments.Number("flags"));
                return frame => frame.Sys.Open(
                    path.Evaluate(frame), (OpenFlags)Int(flags, frame), Int(mode, frame));
            case PosixCall.Openat:
                var (directory, below) = (arguments.Number("dirfd"), arguments.Text("path"));
                var how = arguments.Number("flags");
                return frame => frame.Sys.Openat(
                    Int(directory, frame), below.Evaluate(frame), (OpenFlags)Int(how, frame),
                    Int(mode, frame));
            case PosixCall.Close:
                return frame => frame.Sys.Close(Int(fd, frame));
            case PosixCall.Dup:
                return frame => frame.Sys.Dup(Int(fd, frame));
            case PosixCall.Lseek:
                var whence = arguments.Number("whence");
                return frame => frame.Sys.Lseek(
                    Int(fd, frame), offset.Evaluate(frame), (Whence)Int(whence, frame));
            case PosixCall.Stat:
                var asked = arguments.Text("path");
                return frame => frame.Sys.Stat(asked.Evaluate(frame));
            case PosixCall.Fstat:
                return frame => frame.Sys.Fstat(Int(fd, frame));
            case PosixCall.Getdents:
                return frame => IsNegative(count, frame)
                    ? Invalid
                    : frame.Sys.Getdents(Int(fd, frame), frame.Buffer(count.Evaluate(frame)));
            case PosixCall.Mkdir:
                var made = arguments.Text("path");
                return frame => frame.Sys.Mkdir(made.Evaluate(frame), Int(mode, frame));
            case PosixCall.Rmdir:
                var removed = arguments.Text("path");
                return frame => frame.Sys.Rmdir(removed.Evaluate(frame));
            case PosixCall.Unlink:
                var unlinked = arguments.Text("path");
                return frame => frame.Sys.Unlink(unlinked.Evaluate(frame));
            case PosixCall.Rename:
                var (from, to) = (arguments.Text("from"), arguments.Text("to"));
                return frame => frame.Sys.Rename(from.Evaluate(frame), to.Evaluate(frame));
            case PosixCall.Getpid:
                return frame => frame.Sys.Getpid();
            case PosixCall.Spawn:
                var program = arguments.Text("program");
                return frame => frame.Sys.Spawn(program.Evaluate(frame));
            case PosixCall.Wait:
                var pid = arguments.Number("pid", otherwise: -1);
                return frame => frame.Sys.Wait(pid.Evaluate(frame));
            case PosixCall.Exit:
                var status = arguments.Number("status");
                return frame => Exit(frame.Sys, (int)(status.Evaluate(frame) & 0xFF));
            case PosixCall.SchedYield:
                return frame => frame.Sys.SchedYield();
            case PosixCall.Nanosleep:
                var duration = arguments.Number("duration");
                return frame => frame.Sys.Nanosleep(duration.Evaluate(frame));
            case PosixCall.ClockGettime:
                return frame => new(frame.Sys.ClockGettime());
            case PosixCall.Socket:
                var (family, type) = (arguments.Number("family"), arguments.Number("type"));
                var protocol = arguments.Number("protocol");
                return frame => frame.Sys.Socket(
                    Int(family, frame), Int(type, frame), Int(protocol, frame));
            case PosixCall.Bind:
                var local = arguments.Address();
                return frame => local(frame) is { } address
                    ? frame.Sys.Bind(Int(fd, frame), address)
                    : Invalid;
            case PosixCall.Sendto:
                var remote = arguments.Address();
                return frame => remote(frame) is { } address
                    ? frame.Sys.Sendto(Int(fd, frame), data.Evaluate(frame), address)
                    : Invalid;
            case PosixCall.Recvfrom:
                return frame => IsNegative(count, frame)
                    ? Invalid
                    : frame.Sys.Recvfrom(Int(fd, frame), frame.Buffer(count.Evaluate(frame)));
            case PosixCall.IpcServe:
                var served = arguments.Text("name");
                var (sharing, limit) = (arguments.Number("flags"), arguments.Number("limit"));
                return frame => frame.Sys.IpcServe(
                    served.Evaluate(frame),
                    (sharing.Evaluate(frame) & Constants.IpcShared) != 0,
                    limit.Evaluate(frame));
            case PosixCall.IpcPulse:
                return frame => frame.Sys.IpcPulse(
                    Slot(endpoint, frame), word.Evaluate(frame));
            case PosixCall.IpcConnect:
                var peer = arguments.Text("name");
                return frame => frame.Sys.IpcConnect(peer.Evaluate(frame));
            case PosixCall.IpcCall:
                return frame => IsTooLong(data, frame)
                    ? TooLong
                    : frame.Sys.IpcCall(Slot(endpoint, frame), Message(word, data, frame));
            case PosixCall.IpcReceive:
                return frame => frame.Sys.IpcReceive(Slot(endpoint, frame));
            case PosixCall.IpcReply:
                return frame => frame.Sys.IpcReply(Message(word, data, frame));
            case PosixCall.IpcReplyReceive:
                return frame => IsTooLong(data, frame)
                    ? TooLong
                    : frame.Sys.IpcReplyReceive(
                        Slot(endpoint, frame), Message(word, data, frame));
        }

        throw new InvalidOperationException($"{call} is not in the table of calls");
    }

    private static ValueTask<SysResult> Invalid => new(SysResult.Fail(Errno.EINVAL));

    private static ValueTask<SysResult> TooLong => new(SysResult.Fail(Errno.EMSGSIZE));

    private static bool IsTooLong(DataNode data, Frame frame) =>
        data.Evaluate(frame).Length > Abi.Kernel.Message.BufferLimit;

    private static bool IsNegative(NumberNode count, Frame frame) => count.Evaluate(frame) < 0;

    private static int Int(NumberNode number, Frame frame)
    {
        var value = number.Evaluate(frame);
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : -1;
    }

    private static CapSlot Slot(NumberNode number, Frame frame) => new(Int(number, frame));

    private static Message Message(NumberNode word, DataNode data, Frame frame)
    {
        return Abi.Kernel.Message.Request(0, word.Evaluate(frame)).With(data.Evaluate(frame));
    }

    // exit() does not return; what follows it in the program is never reached.
    private static async ValueTask<SysResult> Exit(Sys sys, int status)
    {
        await sys.Exit(status);
        return new SysResult(0);
    }
}
