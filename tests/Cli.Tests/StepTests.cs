using Scenarios;

namespace Cli.Tests;

/// <summary>`step`, with real runs and a keyboard that types by itself.</summary>
public sealed class StepTests : CliTest
{
    [Fact]
    public void Commands_of_the_command_line_show_the_machine_after_each()
    {
        var (code, output, error) = Real("step", Scenario, "--commands", "/traps: call;n");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        var screens = output.Split("getpid, microkernel  record ")[1..];
        Assert.Equal(2, screens.Length);
        Assert.Contains("kernel mode, in the kernel, from asker[1]", screens[0]);
        Assert.Contains("naming/2 has a message of asker[1]", screens[1]);
    }

    [Fact]
    public void Lines_of_the_standard_input_are_commands_too()
    {
        var (code, output, _) = Typed("r\nr 2\nq\nn\n", "step", Scenario);
        Assert.Equal(ExitCode.Success, code);
        // Where it begins, after the first end of a call and after the third; then it is over.
        Assert.Equal(3, output.Split("getpid, microkernel  record ").Length - 1);
    }

    [Fact]
    public void At_shows_one_instant_the_same_as_going_there()
    {
        var (_, at, _) = Real("step", Scenario, "--at", "5us");
        var (_, gone, _) = Real("step", Scenario, "--commands", "g 5us");
        Assert.Equal(gone, at);
        var (_, walked, _) = Real("step", Scenario, "--commands", "g 7us;g 5us");
        Assert.EndsWith(at, walked);
    }

    [Theory]
    [InlineData("expected n, p,", "--commands", "n;fly")]
    [InlineData("expected a record", "--at", "soon")]
    [InlineData("one of --at and --commands", "--at", "1", "--commands", "n")]
    [InlineData("one of its placements", "--placement", "micro")]
    public void What_is_no_command_is_bad_input(string message, params string[] arguments)
    {
        var (code, _, error) = Real(["step", Scenario, .. arguments]);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains(message, error);
    }

    [Fact]
    public void On_a_terminal_keys_walk_and_each_screen_fits()
    {
        var keyboard = new Typist("n c/read\rg5us\r?pq");
        var output = new StringWriter();
        var terminal = new Terminal { Output = output, Error = output, Keyboard = keyboard };
        var code = new Micro(terminal, new ScenarioRunner()).Run(["step", Scenario]);
        Assert.Equal(ExitCode.Success, code);
        Assert.True(keyboard.IsDone);
        var screens = output.ToString().Split("\u001b[2J")[1..];
        Assert.Contains("n next  p back", screens[0]);
        Assert.Contains(screens, screen => screen.Contains("no crash after this"));
        Assert.Contains(screens, screen => screen.Contains("/rea_"));
        Assert.Contains(screens, screen => screen.Contains("go to record or time: 5us_"));
        Assert.Contains(screens, screen => screen.Contains("a hundred on"));
        foreach (var screen in screens)
        {
            var lines = System.Text.RegularExpressions.Regex
                .Replace(screen, @"\u001b\[[0-9;?]*[A-Za-z]", "").TrimEnd().Split('\n');
            Assert.InRange(lines.Length, 1, 24);
            Assert.All(lines, line => Assert.InRange(line.TrimEnd('\r').Length, 0, 79));
        }
    }

    [Fact]
    public void Ctrl_C_ends_it()
    {
        var output = new StringWriter();
        var terminal = new Terminal
        {
            Output = output,
            Error = output,
            Keyboard = new Typist("n"),
        };
        Assert.Equal(
            ExitCode.Interrupted,
            new Micro(terminal, new ScenarioRunner()).Run(["step", Scenario]));
    }

    private (ExitCode Code, string Output, string Error) Real(params string[] arguments) =>
        Micro(new ScenarioRunner(), arguments);

    private static (ExitCode Code, string Output, string Error) Typed(
        string input, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal
        {
            Output = output,
            Error = error,
            Input = () => new StringReader(input),
        };
        var code = new Micro(terminal, new ScenarioRunner()).Run(arguments);
        return (code, output.ToString(), error.ToString());
    }

    /// <summary>Types characters, and then is interrupted.</summary>
    private sealed class Typist(string text) : IKeyboard
    {
        private int next;

        public bool IsDone => next == text.Length;

        public (int Width, int Height) Size => (80, 24);

        public ConsoleKeyInfo? Read(CancellationToken interrupted)
        {
            if (IsDone)
            {
                return null;
            }

            var typed = text[next++];
            return new ConsoleKeyInfo(
                typed, typed == '\r' ? ConsoleKey.Enter : ConsoleKey.None, false, false, false);
        }
    }
}
