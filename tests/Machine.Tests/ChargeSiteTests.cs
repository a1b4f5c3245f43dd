using Abi.Costs;
using Scenarios.Model;

namespace Machine.Tests;

/// <summary>Negative control of the bill: whatever charge is left out, the ledgers
/// notice.</summary>
public class ChargeSiteTests
{
    private static readonly string[] Files =
    [
        "spawn-wait.yaml", "crash-disk-driver.yaml", "datagrams.yaml", "files.yaml",
        "priorities.yaml",
    ];

    private const string Cores = """
        name: two cores
        machine: { cores: 2 }
        processes:
          reader:
            count: 4
            program: |
              fd = open("/own-" + index, O_RDWR|O_CREAT, 0644)
              repeat 20 { write(fd, bytes(64KiB)); pread(fd, 4096, 0); getpid(); compute 1us }
        """;

    [Fact]
    public void Each_charge_that_is_left_out_contradicts_the_bill()
    {
        var runs = new SortedDictionary<string, (Scenario Scenario, Placement Placement)>(
            StringComparer.Ordinal);
        foreach (var scenario in Files.Select(Lab.File).Append(Lab.Text(Cores)))
        {
            foreach (var placement in new[] { Placement.Microkernel, Placement.Monolithic })
            {
                var board = Drop(scenario, placement, "");
                Assert.Empty(board.Bill.Contradictions!);
                foreach (var site in board.Bill.Work.Sites)
                {
                    // A charge of no cycles cannot be missed.
                    if (board.Bill.Work.CountOf(PartOf(site)) > 0)
                    {
                        runs.TryAdd(site, (scenario, placement));
                    }
                }
            }
        }

        Assert.True(runs.Count >= 40, $"only {runs.Count} charge sites were met");
        var unnoticed = new List<string>();
        foreach (var (site, (scenario, placement)) in runs)
        {
            var board = Drop(scenario, placement, site);
            if (board.Bill.Contradictions!.Count == 0 && board.Bill.Profile[PartOf(site)] > 0)
            {
                unnoticed.Add(site);
            }
        }

        Assert.True(unnoticed.Count == 0, string.Join(", ", unnoticed));
    }

    private static Part PartOf(string site) =>
        Enum.Parse<Part>(site[(site.LastIndexOf(':') + 1)..]);

    private static Board Drop(Scenario scenario, Placement placement, string site) => Lab.Run(
        scenario, placement, change: plan => plan with
        {
            CollectContradictions = true,
            DroppedSite = site,
            Trace = null,
            Calls = null,
        }).Board;
}
