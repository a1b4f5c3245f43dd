using Scenarios.Model;

namespace Machine.Tests;

/// <summary>No program knows its placement.</summary>
public class PlacementTests
{
    private const int Samples = 15;

    private static readonly Gen<(Placement Placement, int Cores)> Machines =
        Gen.Select(
            Gen.Int[0, Components.All.Count].Array[Components.All.Count],
            Gen.Bool,
            Gen.Int[1, 2],
            (domains, isBig, cores) =>
                (Partition(domains, isBig ? DomainLock.Big : DomainLock.Component), cores));

    [Theory]
    [InlineData("files.yaml")]
    [InlineData("spawn-wait.yaml")]
    [InlineData("datagrams.yaml")]
    public void Programs_get_equal_results_in_every_placement(string file)
    {
        var scenario = Lab.File(file);
        var expected = Lab.Run(scenario, Placement.Microkernel);
        Assert.NotEmpty(expected.Calls.Calls);
        Machines.Sample(
            machine =>
            {
                var run = Lab.Run(
                    scenario with { Machine = scenario.Machine with { Cores = machine.Cores } },
                    machine.Placement);
                Assert.Empty(run.Result.Defects);
                Assert.Equal("", run.Result.EndDetail);
                Assert.Equal(expected.Calls.Results(), run.Calls.Results());
                Assert.Equal(expected.Result.Processes, run.Result.Processes);
                Assert.Equal(expected.Result.Files, run.Result.Files);
                Assert.Equal(expected.Result.Console, run.Result.Console);
            },
            iter: Samples,
            threads: 1,
            print: machine => $"{machine.Cores} cores, {machine.Placement.Lock}: " + string.Join(
                "; ", machine.Placement.Domains.Select(domain =>
                    $"{domain.Name}: {string.Join(", ", domain.Components)}")));
    }

    /// <summary>Component i goes into domain number domains[i]; number 0 is the kernel's.</summary>
    private static Placement Partition(int[] domains, DomainLock lockPolicy) => new()
    {
        Name = "random",
        Lock = lockPolicy,
        Domains =
        [
            .. domains.Distinct().Order().Select(number => new Domain
            {
                Name = number == 0 ? Placement.KernelDomain : $"domain-{number}",
                Components = [.. Components.All.Where((_, i) => domains[i] == number)],
            }),
        ],
    };
}
