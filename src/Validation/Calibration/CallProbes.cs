using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Validation.Calibration;

/// <summary>A loop around a call of libc that does nothing, without .NET's transition.</summary>
internal sealed class FastNothingProbe : Probe
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override long Run(int iterations)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < iterations; i++)
        {
            Libc.FastNothing(i);
        }

        return Stopwatch.GetTimestamp() - begin;
    }
}

/// <summary>A loop around a call of libc that does nothing, with .NET's transition.</summary>
internal sealed class NothingProbe : Probe
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override long Run(int iterations)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < iterations; i++)
        {
            Libc.Nothing(i);
        }

        return Stopwatch.GetTimestamp() - begin;
    }
}

/// <summary>getppid, which no C library answers by itself.</summary>
internal sealed class NullCallProbe(SystemCalls calls) : Probe
{
    public override int FastCalls => 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override long Run(int iterations)
    {
        var call = calls.GetParentProcess;
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < iterations; i++)
        {
            Libc.FastSyscall(call);
        }

        return Stopwatch.GetTimestamp() - begin;
    }
}

/// <summary>Reading the beginning of a file.</summary>
internal sealed unsafe class PreadProbe : Probe
{
    private readonly nint number;
    private readonly int count;
    private readonly int file;
    private readonly byte* buffer;

    public PreadProbe(SystemCalls calls, string path, int count)
    {
        number = calls.Pread;
        this.count = count;
        file = OpenFile(path);
        buffer = (byte*)NativeMemory.AlignedAlloc((nuint)count, 4096);
        if (Libc.FastSyscall(number, file, buffer, count, 0) != count)
        {
            throw new ProbeException($"{path} has no {count} bytes to read");
        }
    }

    public override int FastCalls => 1;

    public static int OpenFile(string path)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(path + '\0'))
        {
            var file = Libc.Open(name, Libc.O_RDONLY | Libc.O_CLOEXEC);
            return file >= 0
                ? file
                : throw new ProbeException($"{path}: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override long Run(int iterations)
    {
        var (call, from, to, length) = (number, file, (nint)buffer, count);
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < iterations; i++)
        {
            Libc.FastSyscall(call, from, (void*)to, length, 0);
        }

        return Stopwatch.GetTimestamp() - begin;
    }

    protected override void Close()
    {
        _ = Libc.Close(file);
        NativeMemory.AlignedFree(buffer);
    }
}

/// <summary>Opening a file by a name of one component, and closing it.</summary>
internal sealed unsafe class OpenCloseProbe : Probe
{
    private readonly SystemCalls calls;
    private readonly int directory;
    private readonly byte* name;

    public OpenCloseProbe(SystemCalls calls, string path)
    {
        this.calls = calls;
        directory = PreadProbe.OpenFile(Path.GetDirectoryName(path)!);
        name = (byte*)Marshal.StringToCoTaskMemUTF8(Path.GetFileName(path));
    }

    public override int Calls => 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override long Run(int iterations)
    {
        var (open, close, at, file) = (calls.OpenAt, calls.Close, directory, (nint)name);
        const int Flags = Libc.O_RDONLY | Libc.O_CLOEXEC;
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < iterations; i++)
        {
            Libc.Syscall(close, Libc.Syscall(open, at, (void*)file, Flags), null, 0);
        }

        return Stopwatch.GetTimestamp() - begin;
    }

    protected override void Close()
    {
        _ = Libc.Close(directory);
        Marshal.FreeCoTaskMem((nint)name);
    }
}
