using System.Globalization;
using Records;
using Scenarios;

namespace Bench.Runs;

/// <summary>Processes that read one cached block again and again.</summary>
internal static class Workload
{
    public static string Readers(int processes, long readsEach) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        name: readers
        processes:
          maker:
            program: |
              fd = open("/f", O_RDWR|O_CREAT, 0644)
              write(fd, bytes(4096))
          reader:
            count: {{processes}}
            start: 1ms
            program: |
              fd = open("/f", O_RDONLY)
              repeat {{readsEach}} { pread(fd, 512, 0) }
        """);

    public static RunResult Run(string text, string placement, ITraceSink? trace) =>
        Run(text, placement, new RunOptions { Trace = _ => trace });

    public static RunResult Run(string text, string placement, RunOptions options)
    {
        var loaded = ScenarioLoader.LoadText(text, "bench.yaml");
        if (loaded.Scenario is null)
        {
            throw new InvalidOperationException(string.Join('\n', loaded.Diagnostics));
        }

        return new ScenarioRunner().Compare(loaded.Scenario, [placement], options)
            .Placements[0];
    }

    /// <summary>The run did what was asked: a bench of something else is worth nothing.</summary>
    public static void Check(RunResult result, long reads)
    {
        var done = result.Calls.Where(call => call.Name == "pread").Sum(call => call.Count);
        if (done != reads || result.End != RunEnd.Finished || result.Defects.Count > 0)
        {
            throw new InvalidOperationException(
                $"{done} of {reads} reads, {result.End} {string.Join(' ', result.Defects)}");
        }
    }
}
