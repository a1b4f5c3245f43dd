using Programs.Language;

namespace Programs.Tests.Language;

public class CheckerTests
{
    [Theory]
    [InlineData("raed(3, 1)", 1, 1, "expected a call, not 'raed'; did you mean 'read'?")]
    [InlineData(
        "read(3)", 1, 1, "expected read(fd, count) or read(fd, received, count), not 1 arguments")]
    [InlineData("close(fd)", 1, 7, "expected a variable that was set before, not 'fd'")]
    [InlineData(
        "handle = 3\nclose(handel)", 2, 7,
        "expected a variable that was set before, not 'handel'; did you mean 'handle'?")]
    [InlineData(
        "open(\"/a\", O_RDOLNY)", 1, 12,
        "expected a constant, not 'O_RDOLNY'; did you mean 'O_RDONLY'?")]
    [InlineData("open(3, O_RDONLY)", 1, 6, "expected a text as path, not a number")]
    [InlineData("close(\"/a\")", 1, 7, "expected a number as fd, not a text")]
    [InlineData(
        "close(1) = -1 ENOENTT", 1, 12, "expected an errno, not 'ENOENTT'; did you mean 'ENOENT'?")]
    [InlineData("n = 1\nn = \"a\"", 2, 5, "expected a number, which 'n' is, not a text")]
    [InlineData("n = 1 + \"a\"", 1, 9, "expected operands that fit, not a number and a text")]
    [InlineData(
        "compute 1000", 1, 9, "expected a duration such as 500ns, or a number and 'cycles'")]
    [InlineData(
        "compute 5us cycles", 1, 9,
        "expected a number of cycles, or no 'cycles' behind a duration")]
    [InlineData("n = 5us * 3ms", 1, 11, "expected a number, not a second duration")]
    [InlineData(
        "write(1, \"abc\", 4)", 1, 17,
        "expected a count of at most the text's bytes, or '...' behind the text")]
    [InlineData("read(1, 65MiB)", 1, 9, "expected a count of at most 64MiB")]
    [InlineData("read(1, 5, 5)", 1, 9, "expected a text: the bytes that should come, or \"\"...")]
    [InlineData(
        "stat(\"/\", {st_sise=5})", 1, 12,
        "expected one of st_ino st_mode st_nlink st_size st_blocks, not 'st_sise'; did you "
        + "mean 'st_size'?")]
    [InlineData("stat(\"/\", 5)", 1, 11, "expected fields such as {st_size=6}")]
    [InlineData("open(\"/a\"..., 0)", 1, 6, "expected a whole text, not one shortened by '...'")]
    [InlineData("open(\"/\\377\", 0)", 1, 6, "expected a text in UTF-8")]
    [InlineData("read = 5", 1, 1, "expected a variable's name, but 'read' has a meaning")]
    [InlineData(
        "N = 5", 1, 1, "expected a variable's name, which begins with a small letter, not 'N'")]
    [InlineData("x = bytes(3)", 1, 5, "expected a number, a duration or a text")]
    [InlineData("bind(3, \"10.0.0\", 7)", 1, 9, "expected an IPv4 address such as 10.0.0.2")]
    [InlineData(
        "spawn \"chlid\"", 1, 7,
        "expected a process of the scenario, not 'chlid'; did you mean 'child'?")]
    [InlineData("for path in tree(5) { }", 1, 18, "expected a directory's path, not a number")]
    [InlineData(
        "for path in tree(\"/\") { }\nclose(path)", 2, 7, "expected a number as fd, not a text")]
    [InlineData("while \"a\" > 0 { }", 1, 7, "expected a number, not a text")]
    [InlineData(
        "compute exponential(5)", 1, 9,
        "expected a duration such as 500ns, or a number and 'cycles'")]
    [InlineData(
        "compute exponential(\"a\")", 1, 21,
        "expected a number or duration as the mean, not a text")]
    [InlineData("compute exponential(200000000s)", 1, 21, "expected a mean of at most 2^57")]
    [InlineData("compute choice(5us: 0, 6us: 0)", 1, 9, "expected a weight above 0")]
    [InlineData(
        "compute choice(5us: 1us)", 1, 21,
        "expected a weight: a number, all together at most 2^57")]
    [InlineData(
        "compute choice(5us: 1, 6us: 9000000000000000000)", 1, 29,
        "expected a weight: a number, all together at most 2^57")]
    [InlineData(
        "compute choice(5us: 1, \"a\": 1)", 1, 24,
        "expected a number or duration, not a text")]
    [InlineData(
        "read(1, exponential(5))", 1, 9,
        "expected a random value only in compute, as a duration to sleep, or behind '='")]
    [InlineData("choice = 4", 1, 1, "expected a variable's name, but 'choice' has a meaning")]
    [InlineData(
        "repeat choice(1: 1) { }", 1, 8,
        "expected a random value only in compute, as a duration to sleep, or behind '='")]
    public void Finds(string text, int line, int column, string message)
    {
        var error = Assert.Single(ProgramChecker.Check(ProgramParser.Parse(text), ["child"]));
        Assert.Equal((line, column, message), (error.At.Line, error.At.Column, error.Message));
    }

    [Theory]
    [InlineData("t = clock_gettime(CLOCK_MONOTONIC); sleep 5ms + t; compute 2 * 5us - 1ns")]
    [InlineData("repeat 3 { close(index) }")]
    [InlineData("compute exponential(5us); compute exponential(5) cycles; sleep exponential(1ms)")]
    [InlineData("n = choice(512: 3, 4096: 1); read(0, n); nanosleep(choice(1us: 1, n: 2))")]
    [InlineData("think = 5us; compute 1us + exponential(think * 2)")]
    [InlineData("while (n = read(0, 1)) > 0 { close(n) }")]
    [InlineData("spawn \"child\"; pid = spawn(\"child\"); wait(pid, 0) = pid; wait()")]
    [InlineData("p = \"/a\"; p = p + \"/b\" + 3 + index; open(p, O_RDONLY)")]
    [InlineData("write(1, \"abc\"..., 4096); write(1, bytes(4096)); write(1, \"a\" + 5)")]
    [InlineData(
        "fd = socket(AF_INET, SOCK_DGRAM, 0); sendto(fd, \"x\", \"10.0.0.2\", 7); "
        + "recvfrom(fd, 1500)")]
    [InlineData("ep = ipc_serve(\"pong\"); m = ipc_receive(ep); m = ipc_reply_receive(ep, m + 1)")]
    public void Accepts(string text) =>
        Assert.Empty(ProgramChecker.Check(ProgramParser.Parse(text), ["child"]));

    [Fact]
    public void No_tree_makes_the_checker_throw() =>
        SyntaxGen.Program.Sample(program => ProgramChecker.Check(program) is not null, iter: 2_000);

    [Fact]
    public void Nested_signs_are_checked_in_linear_time()
    {
        var text = "n = " + string.Concat(Enumerable.Repeat("-(", 60)) + "1" + new string(')', 60);
        Assert.Empty(ProgramChecker.Check(ProgramParser.Parse(text)));
    }
}
