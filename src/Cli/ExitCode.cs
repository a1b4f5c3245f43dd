namespace Cli;

/// <summary>What the program's exit code says; the same table as in docs/cli.md.</summary>
public enum ExitCode
{
    /// <summary>Done, and everything expected holds.</summary>
    Success = 0,
    /// <summary>An expectation or an expected result failed; diff: the results differ.</summary>
    ExpectationFailed = 1,
    /// <summary>
    /// Bad input: arguments, scenario, profile or result file; nothing was written.
    /// </summary>
    BadInput = 2,
    /// <summary>A deadlock, or a limit of the scenario was reached.</summary>
    DidNotFinish = 3,
    /// <summary>Not all spans, metrics or log lines arrived where they were sent.</summary>
    NotExported = 4,
    /// <summary>A defect of the simulator, not of the scenario.</summary>
    Defect = 70,
    /// <summary>Interrupted by Ctrl-C; what was known by then was printed.</summary>
    Interrupted = 130,
}
