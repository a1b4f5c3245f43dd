using Engine;
using Scenarios.Profiles;
using Telemetry.Tests;

namespace Validation.Tests;

/// <summary>
/// The whole comparison: made once, because it runs every benchmark of every profile.
/// </summary>
public sealed class ValidationTests(ValidationTests.Whole whole)
    : IClassFixture<ValidationTests.Whole>
{
    public sealed class Whole
    {
        public IReadOnlyList<LoadedProfile> Profiles { get; } =
            [.. Validator.Profiles.Select(name => ProfileLoader.Find(name, "").Profile!)];

        public ValidationReport Report => report ??= Validator.Validate(Profiles);

        private ValidationReport? report;
    }

    [Fact]
    public void Every_gate_passes_and_none_is_empty()
    {
        Assert.True(whole.Report.Passes);
        foreach (var reason in new[]
        {
            "isolation from the kernel without", "fitted on one configuration, tested on another",
            "kernel lock under contention", "cross-space against same-space",
            "cross-space equals same-space", "filters by number", "domain switch",
            "packets by domains and load", "interception of calls",
        })
        {
            Assert.Contains(whole.Report.Rows, row => row.Reason == reason);
        }
    }

    // Forty orders by a stream of our own; that none passes is no chance: for one to pass, nearly
    // every figure would have to come to stand beside one of its size.
    [Fact]
    public void With_published_figures_exchanged_at_random_the_gates_fail()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var stream = new RandomStream(seed, "permutation");
            var report = whole.Report.Rearranged(count => Shuffled(count, stream));
            Assert.False(report.Passes, $"seed {seed}");
        }
    }

    [Fact]
    public void An_anchor_shows_no_error_and_gates_nothing() => Assert.All(
        whole.Report.Rows.Where(row => row.Kind == RowKind.Anchor),
        row => Assert.True(row is { Error: null, Tolerance: null, Fails: false }));

    [Fact]
    public void No_row_that_gates_is_named_in_a_formula_of_its_profile()
    {
        foreach (var row in whole.Report.Rows.Where(row => row.Tolerance is not null))
        {
            var profile = whole.Profiles.Single(each => each.Profile.Name == row.Profile);
            Assert.DoesNotContain(
                row.Row, profile.Entries.SelectMany(entry => entry.Names));
        }
    }

    [Fact]
    public void The_rank_is_at_most_rows_and_parts() => Assert.All(
        whole.Report.Fits,
        fit => Assert.InRange(fit.Rank, 1, Math.Min(fit.Rows, fit.Parts)));

    /// <summary>MICRO_GOLDEN=1 writes it anew.</summary>
    // As many rows as numbers: three prices, and two of each of four programs.
    [Fact]
    public void The_published_runs_of_a_sandbox_leave_no_degree_of_freedom()
    {
        var fit = whole.Report.Fits.Single(each => each.Profile == "gvisor-gce");
        Assert.Equal((11, 3, 8, 0), (fit.Rows, fit.Rank, fit.OfWorkloads, fit.DegreesOfFreedom));
    }

    // absl: (49316 - 21744) ms / 15161 ns a call under ptrace = 1.8186 million calls; under systrap
    // each costs 778 ns more than natively.
    [Theory]
    [InlineData(23159, false)]
    [InlineData(18000, false)]
    [InlineData(17000, true)]
    public void A_run_under_another_interception_is_predicted_and_gates(int published, bool fails)
    {
        var path = Path.Combine(CostProfiles.Directory, "gvisor-gce.yaml");
        var profile = ProfileLoader.LoadText(
            File.ReadAllText(path).Replace(
                "\nparts:\n",
                $"""

                  kept_back:
                    value: {published}
                    unit: ms
                    source: a test
                    status: VERIFIED
                    metric: run_absl
                    configuration: intercept-systrap

                parts:

                """),
            path).Profile!;
        var report = Validator.Validate([profile]);
        var row = report.Rows.Single(each => each.Row == "kept_back");
        Assert.Equal(RowKind.Predicted, row.Kind);
        Assert.Equal(21744m + (1.8186m * 778), row.Predicted!.Value, 0);
        Assert.Equal(0.30m, row.Tolerance);
        Assert.Equal(fails, row.Fails);
        Assert.Equal(1, Assert.Single(report.Fits).DegreesOfFreedom);
    }

    [Fact]
    public void The_page_in_the_documentation_is_current()
    {
        var path = Repository.PathOf("docs/validation.md");
        var page = ValidationPage.Write(whole.Report);
        if (Environment.GetEnvironmentVariable("MICRO_GOLDEN") == "1")
        {
            File.WriteAllText(path, page);
            return;
        }

        Assert.Equal(File.ReadAllText(path), page);
    }

    private static int[] Shuffled(int count, RandomStream stream)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = (int)stream.Below(i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }
}
