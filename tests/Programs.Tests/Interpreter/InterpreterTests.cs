using System.Security.Cryptography;
using System.Text;
using Abi.Costs;
using Abi.Posix;
using Programs.Interpreter;
using Programs.Language;

namespace Programs.Tests.Interpreter;

public class InterpreterTests
{
    private readonly Lab lab = new();

    [Fact]
    public void Calls_reach_LibSys_with_their_arguments()
    {
        lab.Run("""
            fd = open("/a", O_RDWR|O_CREAT|O_EXCL, 0640)
            write(fd, "hello")
            pread(fd, 3, 1)
            lseek(fd, -2, SEEK_END)
            close(fd)
            """);
        Assert.Equal(
            [
                (PosixCall.Open, 0xC2, 416, 0, "/a", 3),
                (PosixCall.Write, 3, 5, 0, "", 5),
                (PosixCall.Pread, 3, 3, 1, "", 3),
                (PosixCall.Lseek, 3, -2, 2, "", 3),
                (PosixCall.Close, 3, 0, 0, "", 0),
            ],
            lab.Gate.Calls.Select(c => (c.Call, c.A, c.B, c.C, c.Text, c.Result!.Value)));
    }

    [Fact]
    public void Random_values_are_drawn_each_time()
    {
        lab.Run("""
            repeat 6 {
                n = choice(10: 1, 20: 2, 30: 3)
                zero = exponential(0 - 7)            # a negative mean draws 0
                lseek(n, zero, 0)
            }
            n = exponential(4) + 1
            lseek(n, 0, 0)
            """);
        Assert.Equal(
            [10, 20, 20, 30, 30, 30, 13], lab.Gate.Calls.Select(made => made.A));
    }

    [Fact]
    public void A_file_delivers_what_was_written_as_the_program_expects() => lab.Fulfil("""
        fd = open("/a", O_RDWR|O_CREAT, 0644) = 3
        write(fd, "hello\n") = 6
        write(fd, "abcdef", 2) = 2
        pwrite(fd, "J", 0) = 1
        lseek(fd, 0, SEEK_SET) = 0
        read(fd, "Jello\nab", 100) = 8
        read(fd, "", 100) = 0
        pread(fd, "ell"..., 7, 1) = 7
        pread64(fd, ""..., 4096, 0) = 8
        fstat(fd, {st_size=8, st_mode=S_IFREG|0644, st_nlink=1, ...}) = 0
        stat("/a", {st_size=8}) = 0
        close(fd) = 0
        close(fd) = -1 EBADF (Bad file descriptor)
        open("/nope", O_RDONLY) = -1 ENOENT
        open("/nope", O_RDONLY) = -1
        mkdir("/d", 0755) = 0
        rename("/a", "/d/b") = 0
        dir = open("/d", O_RDONLY|O_DIRECTORY)
        openat(dir, "b", O_RDONLY) = 4
        openat(AT_FDCWD, "/d/b", O_RDONLY) = 5
        getdents(dir) = 72
        getdents64(dir, 100) = 0
        dup(4) = 6
        unlink("/d/b") = 0
        rmdir("/d") = 0
        read(4, -1) = -1 EINVAL
        """);

    [Fact]
    public void A_result_that_differs_is_reported_and_the_program_goes_on()
    {
        var process = lab.Run("""
            open("/a", O_RDWR|O_CREAT, 0644) = 4
            write(3, "hello") = -1 EIO
            open("/none", O_RDONLY) = 0

            pread(3, "help"..., 10, 0) = 5
            fstat(3, {st_size=6, st_mode=S_IFDIR}) = 0
            getpid() = ?
            """);
        Assert.Equal(0, process.Status);
        Assert.Equal(
            [
                (1, "open(\"/a\", O_RDWR|O_CREAT, 0644)", "4", "3"),
                (2, "write(3, \"hello\")", "-1 EIO", "5"),
                (3, "open(\"/none\", O_RDONLY)", "0", "-1 ENOENT"),
                (5, "pread(3, \"help\"..., 10, 0)", "\"help\"...", "\"hello\"..."),
                (6, "fstat(3, {st_size=6, st_mode=S_IFDIR})", "{st_size=6}", "{st_size=5}"),
                (6, "fstat(3, {st_size=6, st_mode=S_IFDIR})", "{st_mode=040000}",
                    "{st_mode=0100644}"),
            ],
            lab.Differences.Select(d => (d.Line, d.Call, d.Expected, d.Actual)));
        Assert.All(lab.Differences, d => Assert.Equal(("reader", 0), (d.Process, d.Index)));
    }

    [Fact]
    public void Variables_arithmetic_and_loops() => lab.Fulfil("""
        n = 2 + 3 * 4 - (1 - 3)
        fd = open("/" + "f" + n, O_RDWR|O_CREAT, 0644) = 3
        total = 0
        repeat n { write(fd, "ab"); total = total + 2 }
        repeat 0 { write(fd, "never") }
        repeat -5 { write(fd, "never") }
        lseek(fd, 0, SEEK_CUR) = total
        lseek(fd, 0, SEEK_SET)
        got = 0
        while (n = read(fd, 10)) > 0 { got = got + n }
        lseek(fd, 0, SEEK_END) = got
        n = 3
        while n > 0 { n = n - 1 }
        lseek(fd, n, SEEK_SET) = 0
        while read(fd, 10) > 0 { }
        lseek(fd, 0, SEEK_CUR) = 32
        stat("/f16") = 0
        """);

    [Fact]
    public void Data_is_a_pattern_that_repeats_after_a_prime()
    {
        lab.Fulfil("""
            fd = open("/p", O_RDWR|O_CREAT, 0644)
            write(fd, bytes(300)) = 300
            pwrite(fd, "XY"..., 4, 300) = 4
            lseek(fd, 0, SEEK_SET)
            read(fd, 4096) = 304
            digest(fd)
            """);
        var bytes = Enumerable.Range(0, 300)
            .Select(i => (byte)(i % 251))
            .Concat("XY\x02\x03"u8.ToArray());
        Assert.Equal(
            ("/p", 304L, Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()))),
            Assert.Single(lab.Digests));
    }

    [Fact]
    public void A_digest_is_of_what_read_delivered_since_the_file_was_opened()
    {
        lab.Run("""
            fd = open("/a", O_RDWR|O_CREAT, 0644)
            write(fd, "abc")
            lseek(fd, 0, SEEK_SET)
            read(fd, 1); read(fd, 1)
            digest(fd)
            pread(fd, 1, 2); read(fd, 1); digest(fd)
            close(fd)
            fd = open("/a", O_RDONLY)
            digest(fd)
            digest(99)
            """);
        string Hash(string text) =>
            Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text)));
        Assert.Equal(
            [("/a", 2L, Hash("ab")), ("/a", 3L, Hash("abc")), ("/a", 0L, Hash(""))], lab.Digests);
        Assert.Equal(
            (10, "-1 EBADF"), (lab.Differences.Single().Line, lab.Differences.Single().Actual));
    }

    [Fact]
    public void A_tree_is_visited_in_the_ordinal_order_of_whole_paths()
    {
        lab.Fulfil("""
            mkdir("/a", 0755); mkdir("/a/c", 0755); mkdir("/b", 0755); mkdir("/empty", 0755)
            fd = open("/a/c/z", O_CREAT, 0644); fd = open("/a.txt", O_CREAT, 0644)
            fd = open("/a/B", O_CREAT, 0644); fd = open("/ä", O_CREAT, 0644)
            fd = open("/b/x y", O_CREAT, 0644); fd = open("/Z", O_CREAT, 0644)
            fd = open("/a/c.d", O_CREAT, 0644)
            """);
        lab.Fulfil("""
            for path in tree("/") { stat(path) = 0 }
            for path in tree("/a/c/") { stat(path) = 0 }
            """);
        Assert.Equal(
            ["/Z", "/a.txt", "/a/B", "/a/c.d", "/a/c/z", "/b/x y", "/ä", "/a/c/z"],
            lab.Made(PosixCall.Stat));
    }

    [Fact]
    public void A_tree_that_is_not_there_is_reported()
    {
        lab.Run("for path in tree(\"/none\") { stat(path) }");
        Assert.Equal(
            ("tree(\"/none/\")", "-1 ENOENT"),
            (lab.Differences.Single().Call, lab.Differences.Single().Actual));
    }

    [Fact]
    public void Computing_and_looping_take_cycles_and_nothing_else_does()
    {
        // The fake machine runs at 1 GHz: a cycle is a nanosecond.
        lab.Run("""
            compute 500ns; compute 2us; compute 7 cycles
            n = 3; compute n * 100ns; compute -5 cycles
            """);
        Assert.Equal(500 + 2000 + 7 + 300, lab.Gate.Worked(Part.ProgramCycle));
        lab.Run("repeat 10 { }");
        Assert.Equal(2807 + 10, lab.Gate.Worked(Part.ProgramCycle));
        lab.Run("n = 4; while n > 0 { n = n - 1 }");
        Assert.Equal(2817 + 5, lab.Gate.Worked(Part.ProgramCycle));
    }

    [Fact]
    public void Sleeping_lets_time_pass()
    {
        lab.Fulfil("sleep 5ms; nanosleep(1000) = 0; nanosleep(-1) = -1 EINVAL");
        Assert.InRange(lab.Gate.Now.Cycles, 5_001_000, 5_002_000);
    }

    [Fact]
    public void Exit_ends_the_program_with_its_status()
    {
        Assert.Equal(3, lab.Run("repeat 5 { exit(259) = ? }; getpid()").Status);
        Assert.Empty(lab.Made(PosixCall.Getpid));
    }

    [Fact]
    public void Every_process_of_a_name_knows_its_index()
    {
        lab.Run("stat(\"/\" + index)", index: 7);
        Assert.Equal(["/7"], lab.Made(PosixCall.Stat));
    }

    [Fact]
    public void Every_call_of_the_table_can_be_made()
    {
        foreach (var form in CallTable.All.SelectMany(signature => signature.Forms))
        {
            var arguments = form.Parameters.Select(parameter => parameter.Kind switch
            {
                ParameterKind.Text => parameter.Name == "address" ? "\"10.0.0.2\"" : "\"x\"",
                ParameterKind.Data or ParameterKind.Received => "\"x\"",
                ParameterKind.Structure => "{st_size=1}",
                _ => "1",
            });
            var name = form.Text[..form.Text.IndexOf('(')];
            var text = $"{name}({string.Join(", ", arguments)})";
            Assert.NotNull(CompiledProgram.Of(ProgramParser.Parse(text)));
        }

        Assert.Equal(
            Enum.GetValues<PosixCall>().Order(), CallTable.All.Select(each => each.Call).Order());
    }
}
