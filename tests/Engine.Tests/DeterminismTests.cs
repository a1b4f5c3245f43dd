using System.Diagnostics;
using Engine.Determinism;

namespace Engine.Tests;

public sealed class DeterminismTests
{
    private const long Seed = 42;

    [Fact]
    public void A_thousand_runs_in_one_process_have_one_fingerprint()
    {
        var first = CrashingMachine.Run(Seed, new SimulationOptions());
        foreach (var kind in new[] { "pre-restart", "post-stop", "decides", "terminated", "tick" })
        {
            Assert.True(first.Count(kind) > 0, $"The machine of this seed has no {kind}.");
        }

        // Two side by side: simulations share nothing.
        Parallel.For(
            1, 1000, new ParallelOptions { MaxDegreeOfParallelism = 2 },
            _ => Assert.Equal(
                first.Fingerprint, CrashingMachine.Run(Seed, new SimulationOptions()).Fingerprint));
    }

    [Fact]
    public async Task Twenty_processes_have_one_fingerprint()
    {
        var here = CrashingMachine.Run(Seed, new SimulationOptions()).Fingerprint;

        for (var pair = 0; pair < 10; pair++)
        {
            var prints = await Task.WhenAll(RunProcess(), RunProcess());
            Assert.Equal([here, here], prints);
        }
    }

    [Fact]
    public async Task Without_the_sort_by_spawn_number_twenty_processes_disagree()
    {
        var prints = new HashSet<string>();
        for (var process = 0; process < 20 && prints.Count < 2; process++)
        {
            prints.Add(await RunProcess("unsorted"));
        }

        Assert.True(prints.Count > 1, "The sort is not needed any more, or the control is blind.");
    }

    [Fact]
    public void Another_seed_has_another_fingerprint()
    {
        var prints = Enumerable.Range(0, 50)
            .Select(seed => CrashingMachine.Run(seed, new SimulationOptions()).Fingerprint);

        Assert.Equal(50, prints.Distinct().Count());
    }

    [Fact]
    public void The_fast_lane_and_akkas_lane_give_the_same_trace()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var fast = CrashingMachine.Run(seed, new SimulationOptions { FastLane = true });
            var stock = CrashingMachine.Run(seed, new SimulationOptions { FastLane = false });

            Assert.Equal(stock.Lines, fast.Lines);
        }
    }

    private static async Task<string> RunProcess(params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Engine.Determinism.dll");
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? Environment.ProcessPath!
            : "dotnet";
        var start = new ProcessStartInfo(host)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])["exec", program, $"{Seed}", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return (await output).Trim();
    }
}
