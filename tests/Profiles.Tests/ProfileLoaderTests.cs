using System.Globalization;
using Abi.Costs;
using Scenarios;
using Scenarios.Profiles;

namespace Profiles.Tests;

public sealed class ProfileLoaderTests
{
    private static readonly string Good =
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "whole.yaml"));

    private static IReadOnlyList<Diagnostic> Refuse(string text)
    {
        var result = ProfileLoader.LoadText(text, "p.yaml");
        Assert.Null(result.Profile);
        Assert.NotEmpty(result.Diagnostics);
        return result.Diagnostics;
    }

    private static string Replace(string old, string @new)
    {
        Assert.Contains(old, Good, StringComparison.Ordinal);
        return Good.Replace(old, @new, StringComparison.Ordinal);
    }

    /// <summary>The 1-based line and column of a text in a file.</summary>
    private static (int Line, int Column) Place(string file, string text)
    {
        var at = file.IndexOf(text, StringComparison.Ordinal);
        var before = file[..at];
        return (before.Count(c => c == '\n') + 1, at - (before.LastIndexOf('\n') + 1) + 1);
    }

    [Fact]
    public void An_entry_without_a_source_is_refused_at_its_place()
    {
        var text = Replace(
            "    source: Yield to another process less entry, exit and switch.\n", "");
        var diagnostic = Assert.Single(Refuse(text));
        Assert.Equal("expected a key 'source' in entry 'schedule'", diagnostic.Message);
        Assert.Equal(Place(text, "  schedule:\n").Line + 1, diagnostic.Line);
        Assert.Equal(5, diagnostic.Column);
    }

    [Fact]
    public void An_empty_source_is_no_source() =>
        Assert.Contains(
            Refuse(Replace(
                "source: Yield to another process less entry, exit and switch.", "source: ''")),
            diagnostic => diagnostic.Message.StartsWith("expected a text as source"));

    [Fact]
    public void A_row_without_a_source_is_refused() =>
        Assert.Contains(
            Refuse(Good.Replace("    source: 'SkyBridge EuroSys19 (Mi et al.), sec 2.1'\n", "")),
            diagnostic => diagnostic.Message == "expected a key 'source' in row 'sky_ipi'");

    [Fact]
    public void A_part_that_is_left_out_is_named()
    {
        var text = Replace("  schedule:\n", "  scheduled:\n");
        Assert.Equal(
            [
                "expected an entry 'schedule' in parts",
                "expected an entry of parts, not 'scheduled'; did you mean 'schedule'?",
                "expected a row or an entry, not 'schedule'",
            ],
            Refuse(text).Select(diagnostic => diagnostic.Message));
    }

    [Fact]
    public void An_unknown_key_is_refused_with_a_guess() =>
        Assert.Contains(
            Refuse(Replace("name: sel4-haswell\n", "name: sel4-haswell\nclok: 3\n")),
            diagnostic => diagnostic is
            {
                Column: 1,
                Message: "expected a key of a cost profile, not 'clok'; did you mean 'clock'?",
            });

    [Theory]
    [InlineData("6 * mem_l1 +", 12, "a number, a row or an entry")]
    [InlineData("6 * (mem_l1", 11, "')'")]
    [InlineData("6 mem_l1", 2, "an operator, or the end")]
    [InlineData("6 * mem_l1)", 10, "an operator, or the end")]
    [InlineData("1.2.3", 0, "a number such as 64 or 0.5")]
    [InlineData("6 * mem_l11", 4, "a row or an entry, not 'mem_l11'; did you mean 'mem_l1'?")]
    [InlineData("6 * mem_l1 $", 11, "an operator, or the end")]
    public void A_bad_formula_is_refused_at_the_column_where_it_breaks(
        string formula, int index, string expected)
    {
        var text = Replace("derived: 6 * mem_l1", "derived: " + formula);
        var (line, column) = Place(text, "derived: " + formula);
        var diagnostic = Assert.Single(Refuse(text));
        Assert.Equal("expected " + expected, diagnostic.Message);
        Assert.Equal(
            (line, column + "derived: ".Length + index), (diagnostic.Line, diagnostic.Column));
    }

    [Theory]
    [InlineData("6 / 0")]
    [InlineData("0 - mem_l1")]
    [InlineData("10000000000000000000 * 10000000000000000000")]
    public void A_formula_without_a_price_is_refused(string formula) =>
        Assert.Single(Refuse(Replace("derived: 6 * mem_l1", "derived: " + formula)));

    [Fact]
    public void A_circle_of_entries_is_refused() =>
        Assert.Contains(
            Refuse(Replace("derived: 6 * mem_l1", "derived: procedure-call + 1")),
            diagnostic => diagnostic.Message
                == "expected no entry that is derived from 'procedure-call' itself");

    [Fact]
    public void An_entry_cannot_claim_to_be_better_than_its_rows()
    {
        var text = Replace("    derived: l4l_part_server\n", "    derived:   l4l_part_server\n")
            .Replace(
                "L4Linux does it.\n    status: RECALLED", "L4Linux does it.\n    status: VERIFIED");
        Assert.Contains(
            Refuse(text),
            diagnostic => diagnostic.Message
                == "expected status RECALLED or worse, because 'l4l_part_server' is RECALLED");
    }

    [Theory]
    [InlineData("MEASURED", "MEASURED", true)]
    [InlineData("MEASURED", "VERIFIED", true)]
    [InlineData("MEASURED", "ASSUMED", true)]
    [InlineData("VERIFIED", "MEASURED", false)]
    [InlineData("ASSUMED", "MEASURED", false)]
    public void Measured_is_the_best_status_and_only_measured_rows_can_give_it(
        string row, string entry, bool loads)
    {
        var text = $$"""
            name: p
            base: common
            clock: { value: 2, unit: GHz, source: s }
            rows:
              r: { value: 9, unit: ns, cpu: c, source: s, status: {{row}} }
            parts:
              copy-line: { derived: r, unit: ns, source: s, status: {{entry}} }
            """;
        Assert.Equal(loads, ProfileLoader.LoadText(text, "p.yaml").Profile is not null);
        if (!loads)
        {
            Assert.Equal(
                $"expected status {row} or worse, because 'r' is {row}",
                Assert.Single(Refuse(text)).Message);
        }
    }

    [Fact]
    public void Value_and_derived_exclude_each_other() =>
        Assert.Contains(
            Refuse(Replace("derived: 6 * mem_l1", "derived: 6 * mem_l1\n    value: 3")),
            diagnostic => diagnostic.Message
                == "expected either 'value' or 'derived' in entry 'procedure-call'");

    [Fact]
    public void A_name_that_no_profile_has_is_one_clear_line()
    {
        var diagnostic = Assert.Single(ProfileLoader.Find("sel4-hasswell", "").Diagnostics);
        Assert.Equal(
            "sel4-hasswell:1:1: expected a cost profile; there is none of this name"
                + "; did you mean 'sel4-haswell'?",
            diagnostic.ToString());
    }

    [Fact]
    public void Nanoseconds_become_cycles_half_up()
    {
        // 1 ns is 3.4 cycles, 5 ns are 17, 2.5 ns are 8.5.
        foreach (var (nanoseconds, cycles) in new[] { ("1", 3), ("5", 17), ("2.5", 9) })
        {
            var text = Replace(
                "    value: 40\n    unit: cycles",
                $"    value: {nanoseconds}\n    unit: ns");
            var profile = ProfileLoader.LoadText(text, "p.yaml").Profile!.Profile;
            Assert.Equal(cycles, profile[Part.ComponentLock]);
        }
    }

    [Fact]
    public void A_formula_has_the_value_that_arithmetic_gives_it() =>
        (from a in Gen.Int[0, 999]
         from b in Gen.Int[0, 999]
         from c in Gen.Int[1, 99]
         select (a, b, c)).Sample(t =>
        {
            var formula = string.Create(
                CultureInfo.InvariantCulture, $"({t.a} + {t.b}) * 3 / {t.c} + {t.a} - {t.a}");
            var text = Good.Replace("derived: 6 * mem_l1", "derived: " + formula);
            var profile = ProfileLoader.LoadText(text, "p.yaml").Profile!.Profile;
            // Half up in integers: floor((2n + d) / 2d).
            var (n, d) = ((t.a + t.b) * 3, t.c);
            Assert.Equal((2 * n + d) / (2 * d), profile[Part.ProcedureCall]);
        }, iter: 200);

    [Fact]
    public void Whatever_the_text_the_answer_is_a_profile_or_diagnostics() =>
        Gen.Select(Gen.Int[0, Good.Length - 1], Gen.Int[0, 40], Gen.String[0, 12])
            .Sample((at, length, patch) =>
            {
                var end = Math.Min(Good.Length, at + length);
                var result = ProfileLoader.LoadText(Good[..at] + patch + Good[end..], "p.yaml");
                Assert.Equal(result.Profile is null, result.Diagnostics.Count > 0);
            }, iter: 300);

    [Fact]
    public void What_a_profile_leaves_out_comes_from_its_base_at_the_profiles_own_clock()
    {
        const string Half = "name: half\nbase: common\nclock:\n  value: 1700\n  unit: MHz\n"
            + "  source: half of Haswell's\n";
        var half = ProfileLoader.LoadText(Half, "p.yaml").Profile!;
        // 0.0266 us x 1700 = 45.22; 26 us x 1700.
        Assert.Equal(45, half.Profile[Part.FileRequest]);
        Assert.Equal(44_200, half.Profile[Part.CacheFlushLocal]);
        Assert.All(
            half.Entries.Where(entry => entry.Section == "parts"
                && entry.Names.Any(name => name.StartsWith("b26_"))),
            entry => Assert.NotEmpty(entry.Borrowed));
    }

    [Fact]
    public void A_base_that_is_not_there_is_named_with_those_that_are()
    {
        var diagnostics = Refuse("name: half\nbase: commons\n");
        Assert.Contains(diagnostics, each => each.ToString() ==
            "p.yaml:2:7: expected a base: common");
    }

    [Fact]
    public void Every_profile_beside_the_program_can_be_loaded_and_says_where_each_number_is_from()
    {
        Assert.True(CostProfiles.Names.Count >= 7);
        foreach (var name in CostProfiles.Names)
        {
            var loaded = ProfileLoader.Find(name, "");
            Assert.Empty(loaded.Diagnostics);
            Assert.All(loaded.Profile!.Entries, entry => Assert.NotEmpty(entry.Source));
            Assert.All(loaded.Profile.Rows, row => Assert.NotEmpty(row.Source));
        }
    }
}
