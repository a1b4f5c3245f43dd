using System.Diagnostics;
using System.Globalization;
using Scenarios;
using Scenarios.Model;
using Spectre.Console;

namespace Cli;

/// <summary>
/// A bar with rate and time left on the error output, for runs longer than two seconds, on a
/// terminal only.
/// The run has a thread of its own; the bar reads how far it is and cannot influence it.
/// </summary>
internal sealed class ProgressDisplay(Terminal terminal, Scenario scenario, int placements)
    : IProgress<RunProgress>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(200);

    // A deep stack: a simulated program that calls deeply shares it with the engine.
    private const int StackBytes = 64 << 20;

    private readonly ManualResetEventSlim isOver = new();
    private volatile RunProgress now = new("", 0, 0, 0);
    private long? callsExpected = CallEstimate.Of(scenario);
    private long callsBefore;
    private int begun;

    /// <summary>A placement's run begins.</summary>
    public void Begin(string placement)
    {
        if (begun++ > 0)
        {
            // The first placement showed how many calls the scenario makes.
            callsExpected = Math.Max(1, now.CallsDone);
            callsBefore += now.CallsDone;
        }

        now = new RunProgress(placement, 0, 0, 0);
    }

    /// <inheritdoc/>
    public void Report(RunProgress value) => now = value;

    /// <inheritdoc/>
    public void Dispose() => isOver.Dispose();

    /// <summary>Runs to the end, with a bar if it takes long.</summary>
    public T While<T>(Func<T> run)
    {
        var result = default(T);
        var failure = default(Exception);
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = run();
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
                finally
                {
                    isOver.Set();
                }
            },
            StackBytes)
        { IsBackground = true };
        thread.Start();
        if (!isOver.Wait(Patience) && terminal.ShowsProgress)
        {
            Show();
        }

        isOver.Wait();
        thread.Join();
        if (failure is not null)
        {
            // The same exception, with the stack trace of where it was thrown.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        return result!;
    }

    private void Show()
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(terminal.Error),
        });
        var clock = Stopwatch.StartNew();
        var (startedAt, callsAtStart) = (clock.Elapsed, callsBefore + now.CallsDone);
        console.Progress()
            .AutoClear(true)
            .HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn())
            .Start(context =>
            {
                var task = context.AddTask("starting");
                while (!isOver.Wait(Refresh))
                {
                    var calls = callsBefore + now.CallsDone;
                    var seconds = (clock.Elapsed - startedAt).TotalSeconds;
                    var rate = seconds > 0 ? (calls - callsAtStart) / seconds : 0;
                    task.IsIndeterminate = callsExpected is null;
                    task.MaxValue = Math.Max(1, callsExpected ?? 1) * (double)placements;
                    task.Value = callsExpected is null ? 0 : Math.Min(calls, task.MaxValue);
                    var left = callsExpected is null || rate == 0
                        ? ""
                        : ", " + TimeSpan.FromSeconds((task.MaxValue - task.Value) / rate)
                            .ToString("h\\:mm\\:ss", CultureInfo.InvariantCulture) + " left";
                    task.Description = Markup.Escape(
                        $"{now.Placement}: {calls:N0} calls, {rate:N0}/s{left}");
                }
            });
    }
}
