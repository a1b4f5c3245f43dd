using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Cli;

/// <summary>The library's help, and behind it examples and the exit codes.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private static readonly (string Command, string Line, string Meaning)[] Examples =
    [
        ("run", "micro run scenarios/read-hit.yaml", "in the microkernel placement"),
        ("run", "micro run my.yaml --placement monolithic --strace -", "with a log of its calls"),
        ("compare", "micro compare scenarios/read-files.yaml", "in every placement it knows"),
        ("compare", "micro compare my.yaml --placements microkernel,mine --format json",
            "for programs"),
        ("compare", "micro compare scenarios/read-hit.yaml --sensitivity",
            "which prices the result hangs on"),
        ("compare", "micro compare scenarios/crash-disk-driver.yaml --quiz",
            "questions instead of results; with --solve the answers"),
        ("trace", "micro trace scenarios/getpid.yaml", "which calls there are"),
        ("trace", "micro trace scenarios/getpid.yaml --request 2",
            "one of them, in every placement on one scale"),
        ("trace", "micro trace my.yaml --slowest read --placement microkernel", "the longest read"),
        ("trace", "micro trace scenarios/getpid.yaml --request 2 --quiz", "questions about it"),
        ("step", "micro step scenarios/crash-disk-driver.yaml", "keys: n next, c crash, ? help"),
        ("step", "micro step my.yaml --commands \"c;p;g 5us\"", "the same without a terminal"),
        ("check", "micro check scenarios/*.yaml", "without running them"),
        ("new", "micro new my.yaml", "a commented scenario to start from"),
        ("list", "micro list counters", "their names and meanings"),
        ("explain", "micro explain fast-path-call", "a price: its value, source and derivation"),
        ("explain", "micro explain ENOENT", "an errno"),
        ("diff", "micro diff before.json after.json", "what differs between two results"),
        ("bench", "micro bench --profile sel4-skylake --mechanisms isolation",
            "a kernel that nobody here has measured"),
        ("validate", "micro validate", "every published row against its prediction"),
        ("validate", "micro validate --predict sel4-tx2 --metric smp_4core_c500",
            "one prediction"),
        ("calibrate", "micro calibrate --out host.yaml", "measure this machine"),
        ("calibrate", "micro compare scenarios/getpid.yaml --profile host.yaml",
            "a run with its prices"),
        ("completion", "source <(micro completion bash)", "in ~/.bashrc"),
    ];

    /// <summary>The table of exit codes.</summary>
    public static IReadOnlyList<(ExitCode Code, string Meaning)> ExitCodes { get; } =
    [
        (ExitCode.Success, "done, and everything expected holds"),
        (ExitCode.ExpectationFailed, "an expectation or expected result failed; diff: they differ"),
        (ExitCode.BadInput, "bad input: arguments or files; nothing was written"),
        (ExitCode.DidNotFinish, "a deadlock, or a limit of the scenario was reached"),
        (ExitCode.NotExported, "not all that was exported by OTLP arrived"),
        (ExitCode.Defect, "a defect of the simulator"),
        (ExitCode.Interrupted, "interrupted by Ctrl-C; what was known by then was printed"),
    ];

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        help.MaxWidth = Terminal.FileWidth;
        help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command;
        var lines = Examples
            .Where(example => command is RootCommand || example.Command == command.Name);
        output.WriteLine("Examples:");
        foreach (var (_, line, meaning) in lines)
        {
            output.WriteLine($"  {line}");
            output.WriteLine($"      {meaning}");
        }

        output.WriteLine();
        output.WriteLine("Exit codes:");
        foreach (var (code, meaning) in ExitCodes)
        {
            output.WriteLine($"  {(int)code,3}  {meaning}");
        }

        return 0;
    }
}
