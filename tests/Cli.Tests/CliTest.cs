using Scenarios;
using Telemetry.Tests;

namespace Cli.Tests;

/// <summary>
/// Runs the program in this process with its words captured, in a directory of its own.
/// </summary>
public abstract class CliTest : IDisposable
{
    private readonly CancellationTokenSource interruption = new();

    protected CliTest() => Directory.CreateDirectory(Folder);

    protected string Folder { get; } =
        Path.Combine(Path.GetTempPath(), "micro-cli-" + Guid.NewGuid().ToString("N"));

    /// <summary>A scenario of the repository that any build can load.</summary>
    protected static string Scenario => Repository.PathOf("scenarios/getpid.yaml");

    /// <summary>The program's environment; it has nothing else.</summary>
    protected Dictionary<string, string> Variables { get; } = [];

    protected void Interrupt() => interruption.Cancel();

    private protected (ExitCode Code, string Output, string Error) Micro(
        IScenarioRunner runner, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var terminal = new Terminal
        {
            Output = output,
            Error = error,
            Variable = name => Variables.GetValueOrDefault(name),
            Interrupted = interruption.Token,
        };
        var code = new Micro(terminal, runner).Run(arguments);
        return (code, Lines(output), Lines(error));
    }

    private protected (ExitCode Code, string Output, string Error) Micro(
        params string[] arguments) => Micro(new FakeRunner(), arguments);

    private static string Lines(StringWriter text) => text.ToString().ReplaceLineEndings("\n");

    protected string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public virtual void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        interruption.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
