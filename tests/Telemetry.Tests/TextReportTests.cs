using Records;
using Spectre.Console;
using Telemetry.Text;

namespace Telemetry.Tests;

public sealed class TextReportTests
{
    private static string Render(Comparison comparison, int width = 100, bool color = false)
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = color ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = color ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        new TextReport(console, comparison).Write();
        return string.Join('\n', output.ToString().ReplaceLineEndings("\n").Split('\n')
            .Select(line => line.TrimEnd()));
    }

    private static RunResult Named(string name) => Samples.Microkernel with { Name = name };

    /// <summary>
    /// The reviewed text is Golden/comparison.txt; MICRO_GOLDEN=1 writes it anew.
    /// </summary>
    [Fact]
    public void A_comparison_reads_as_reviewed()
    {
        var golden = Repository.PathOf("tests/Telemetry.Tests/Golden/comparison.txt");
        var text = Render(Samples.Comparison);
        if (Environment.GetEnvironmentVariable("MICRO_GOLDEN") == "1")
        {
            File.WriteAllText(golden, text);
        }

        Assert.Equal(File.ReadAllText(golden), text);
    }

    [Fact]
    public void The_report_is_the_same_text_each_time() =>
        Assert.Equal(Render(Samples.Comparison), Render(Samples.Comparison));

    [Fact]
    public void Without_color_there_is_no_escape() =>
        Assert.DoesNotContain('\u001b', Render(Samples.Comparison));

    [Fact]
    public void With_color_there_are_escapes() =>
        Assert.Contains('\u001b', Render(Samples.Comparison, color: true));

    [Fact]
    public void It_says_that_times_are_modeled() =>
        Assert.Contains("not measured", Render(Samples.Comparison));

    [Fact]
    public void Tables_keep_to_a_width_of_80_with_two_placements() =>
        Assert.All(
            Render(Samples.Comparison with { Expectations = [] }, width: 80).Split('\n')
                .Where(line => !line.Contains(new string('a', 64))),
            line => Assert.True(line.Length <= 80, line));

    [Fact]
    public void Many_placements_are_compared_with_the_last_in_blocks_that_fit()
    {
        var names = Enumerable.Range(1, 5).Select(i => $"placement-{i}").ToList();
        var text = Render(
            Samples.Comparison with { Placements = [.. names.Select(Named)] }, width: 90);
        foreach (var name in names.SkipLast(1))
        {
            Assert.Contains($"difference between {name} and placement-5", text);
        }

        var blocks = text.Split('\n').Where(line => line.TrimStart().StartsWith("call "));
        Assert.All(blocks, header => Assert.Contains("placement-5", header));
    }

    [Fact]
    public void The_parts_explain_the_whole_difference_of_work()
    {
        var difference = BillDifference.Between(Samples.Microkernel, Samples.Monolithic);
        // 20 switches x 200, and twice 20 traps x 65.
        Assert.Equal(
            [("address-space-switch", 4_000L), ("trap-enter", 1_300), ("trap-leave", 1_300)],
            difference.Parts.Select(part => (part.Part, part.Cycles)));
        Assert.Equal(6_600, difference.Cycles);
        Assert.Contains(
            "This is the whole difference of work, to the cycle: +6,600.",
            Render(Samples.Comparison));
    }

    [Fact]
    public void A_bill_that_the_counts_do_not_explain_is_called_out()
    {
        var wrong = Samples.Microkernel with
        {
            Bill = [.. Samples.Microkernel.Bill, new BillLine("copy", "", 1)],
        };
        Assert.Contains(
            "The bills differ by +6,601 cycles, the counts explain +6,600: "
            + "the ledger does not add up.",
            Render(Samples.Comparison with { Placements = [wrong, Samples.Monolithic] }));
    }

    [Fact]
    public void Sums_of_parts_are_differences_of_counts_times_prices_whatever_the_runs()
    {
        var genParts = Gen.Select(Gen.Int[0, 3], Gen.Long[0, 1_000_000]).List[0, 4]
            .Select(list => list.DistinctBy(each => each.Item1).Select(each => new PartLine(
                $"part-{each.Item1}", "copy", each.Item2, each.Item1 * 7 + 1,
                each.Item2 * (each.Item1 * 7 + 1))).ToList());
        Gen.Select(genParts, genParts).Sample((left, right) =>
        {
            var difference = BillDifference.Between(
                Samples.Microkernel with { Parts = left },
                Samples.Monolithic with { Parts = right });
            Assert.Equal(
                left.Sum(part => part.Cycles) - right.Sum(part => part.Cycles), difference.Cycles);
        });
    }

    [Fact]
    public void A_long_list_of_files_ends_with_how_to_see_all()
    {
        var files = Enumerable.Range(0, TextReport.FileLimit + 5)
            .Select(i => new FileDigest($"/{i}", i, new string('a', 64))).ToList();
        var text = Render(Samples.Comparison with
        {
            Placements = [Samples.Microkernel with { Files = files }],
        });
        Assert.Contains("and 5 more; --format json lists all", text);
        Assert.Contains($"/{TextReport.FileLimit - 1}\n", text);
        Assert.DoesNotContain($"/{TextReport.FileLimit}\n", text);
    }

    [Fact]
    public void What_a_program_prints_cannot_steer_the_terminal() =>
        Assert.DoesNotContain('\u001b', Render(Samples.Comparison with
        {
            Scenario = "[red]not markup[/] \u001b[31m",
            Placements = [Samples.Microkernel with { Console = "\u001b[2J[bold]\n" }],
        }));

    [Fact]
    public void Deadlocks_defects_and_failed_results_are_named()
    {
        var text = Render(Samples.Comparison with
        {
            Placements =
            [
                Samples.Microkernel with
                {
                    End = RunEnd.Deadlock,
                    EndDetail = "a waits for b waits for a",
                    Defects = ["NullReferenceException in file-server"],
                    FailedResults = ["reader line 3: expected 5, got -1 EIO"],
                },
            ],
        });
        Assert.Contains("deadlock: a waits for b waits for a", text);
        Assert.Contains("NullReferenceException in file-server", text);
        Assert.Contains("reader line 3: expected 5, got -1 EIO", text);
    }

    [Theory]
    [InlineData(0, "0 ns")]
    [InlineData(999, "999 ns")]
    [InlineData(1_000, "1.000 us")]
    [InlineData(1_234_567, "1.235 ms")]
    [InlineData(2_000_000_000, "2.000 s")]
    public void Times_have_the_unit_that_fits(long nanoseconds, string text) =>
        Assert.Equal(text, Amounts.Time(nanoseconds));
}
