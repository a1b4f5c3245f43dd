using Abi;
using Abi.Posix;
using Abi.Units;
using Programs.Language;
using Records;
using Telemetry.Strace;

namespace Telemetry.Tests;

public sealed class StraceWriterTests
{
    private static string Line(
        PosixCall call, long a = 0, long b = 0, long c = 0, string text = "", long result = 0,
        long began = 0, long ended = 0)
    {
        var output = new StringWriter();
        var writer = new StraceWriter(output, new Frequency(1_000_000_000));
        writer.Record(new FinishedCall(3, "reader", 0, call, a, b, c, text, result, began, ended));
        return output.ToString();
    }

    private static string Call(
        PosixCall call, long a = 0, long b = 0, long c = 0, string text = "", long result = 0)
    {
        var line = Line(call, a, b, c, text, result);
        const string Before = "[pid  3] 0.000000000 ";
        const string After = " <0.000000000>\n";
        Assert.StartsWith(Before, line);
        Assert.EndsWith(After, line);
        return line[Before.Length..^After.Length];
    }

    [Fact]
    public void A_line_has_process_time_call_result_and_duration() =>
        Assert.Equal(
            "[pid  3] 0.000001234 read(3, \"\"..., 4096) = 4096 <0.000000221>\n",
            Line(PosixCall.Read, 3, 4096, result: 4096, began: 1_234, ended: 1_455));

    [Fact]
    public void Time_is_virtual_in_seconds() =>
        Assert.StartsWith(
            "[pid  3] 12.000000007 ",
            Line(PosixCall.Getpid, began: 12_000_000_007, ended: 12_000_000_007));

    // The right sides are what strace 6 prints for these calls on Linux, with -s 0.
    [Fact]
    public void Calls_look_as_strace_prints_them()
    {
        Assert.Equal("open(\"/big\", O_RDONLY) = 3", Call(PosixCall.Open, text: "/big", result: 3));
        Assert.Equal(
            "open(\"/a\", O_RDWR|O_CREAT|O_TRUNC, 0644) = 4",
            Call(PosixCall.Open, 0x242, 0x1A4, text: "/a", result: 4));
        Assert.Equal(
            "openat(AT_FDCWD, \"/\", O_RDONLY|O_DIRECTORY|O_CLOEXEC) = 3",
            Call(PosixCall.Openat, -100, 0x90000, text: "/", result: 3));
        Assert.Equal(
            "open(\"/nope\", O_RDONLY) = -1 ENOENT (No such file or directory)",
            Call(PosixCall.Open, text: "/nope", result: -2));
        Assert.Equal("write(1, \"\"..., 5) = 5", Call(PosixCall.Write, 1, 5, result: 5));
        Assert.Equal(
            "pread64(3, \"\"..., 10, 4096) = 10", Call(PosixCall.Pread, 3, 10, 4096, result: 10));
        Assert.Equal("lseek(3, -10, SEEK_END) = 90", Call(PosixCall.Lseek, 3, -10, 2, result: 90));
        Assert.Equal("mkdir(\"/d\", 0755) = 0", Call(PosixCall.Mkdir, 0x1ED, text: "/d"));
        Assert.Equal("rename(\"/a\", \"/b\") = 0", Call(PosixCall.Rename, text: "/a\0/b"));
        Assert.Equal("close(3) = 0", Call(PosixCall.Close, 3));
        Assert.Equal("exit(1) = ?", Call(PosixCall.Exit, 1));
        Assert.Equal("sched_yield() = 0", Call(PosixCall.SchedYield));
        Assert.Equal("socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP) = 3",
            Call(PosixCall.Socket, 2, 2, 17, result: 3));
        Assert.Equal(
            "bind(3, {sa_family=AF_INET, sin_port=htons(7), "
            + "sin_addr=inet_addr(\"10.0.0.2\")}, 16) = 0",
            Call(PosixCall.Bind, 3, (0x0A000002L << 16) | 7));
        Assert.Equal(
            "nanosleep({tv_sec=1, tv_nsec=5}, NULL) = 0", Call(PosixCall.Nanosleep, 1_000_000_005));
    }

    [Fact]
    public void Names_are_bytes_in_octal_where_they_are_not_ascii() =>
        // U+00E4 is C3 A4 in UTF-8; a digit behind an escape makes it three digits long.
        Assert.Equal(
            "unlink(\"/\\303\\2441\\n\") = 0", Call(PosixCall.Unlink, text: "/\u00e41\n"));

    [Fact]
    public void Every_call_and_every_errno_can_be_printed()
    {
        foreach (var call in Enum.GetValues<PosixCall>())
        {
            foreach (var error in Enum.GetValues<Errno>())
            {
                Assert.Contains("(", Call(call, text: "/a\0/b", result: -(long)error));
            }
        }
    }

    [Theory]
    [InlineData(PosixCall.Read, 3, 100, 0, "", 100)]
    [InlineData(PosixCall.Open, 0x242, 0x1A4, 0, "/a b", 4)]
    [InlineData(PosixCall.Open, 0, 0, 0, "/nope", -2)]
    [InlineData(PosixCall.Openat, -100, 0, 0, "/\u00e4", 3)]
    [InlineData(PosixCall.Pread, 3, 10, 4096, "", 10)]
    [InlineData(PosixCall.Lseek, 3, 10, 0, "", 10)]
    [InlineData(PosixCall.Mkdir, 0x1ED, 0, 0, "/d", 0)]
    [InlineData(PosixCall.Rename, 0, 0, 0, "/a\0/b", 0)]
    [InlineData(PosixCall.Unlink, 0, 0, 0, "/a", -21)]
    [InlineData(PosixCall.Stat, 0, 0, 0, "/a", 0)]
    [InlineData(PosixCall.Fstat, 3, 0, 0, "", 0)]
    [InlineData(PosixCall.Getpid, 0, 0, 0, "", 2)]
    [InlineData(PosixCall.Close, 3, 0, 0, "", 0)]
    public void What_is_printed_can_be_written_in_a_program(
        PosixCall call, long a, long b, long c, string text, long result)
    {
        var printed = Call(call, a, b, c, text, result);
        Assert.Empty(ProgramParser.Parse(printed, SourceOrigin.None).Errors);
    }
}
