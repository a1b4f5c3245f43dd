using Telemetry.Text;
using Telemetry.Waterfall;

namespace Telemetry.Tests;

/// <summary>Bars on a scale of ten cycles a column.</summary>
public sealed class BarTests
{
    [Theory]
    [InlineData(0, 100, "##########")]
    [InlineData(0, 50, "#####     ")]
    [InlineData(50, 100, "     #####")]
    [InlineData(14, 36, " ###      ")]
    // From 1.5 on a column is more out than in, and less than half of one is a mark.
    [InlineData(16, 36, "  ##      ")]
    [InlineData(11, 13, " :        ")]
    [InlineData(97, 97, "         :")]
    [InlineData(100, 100, "         :")]
    public void A_column_shows_what_fills_most_of_it(long from, long to, string expected)
    {
        var bar = new Bar(10, 100, Glyphs.Ascii);
        bar.Fill(from, to, '#');
        Assert.Equal(expected, bar.ToString());
    }

    [Fact]
    public void What_is_too_short_hides_nothing_longer()
    {
        var bar = new Bar(4, 40, Glyphs.Ascii);
        bar.Fill(0, 20, '#');
        bar.Fill(12, 13, '.');
        bar.Fill(32, 33, '.');
        Assert.Equal("## :", bar.ToString());
    }

    [Fact]
    public void Ten_hours_of_cycles_do_not_overflow()
    {
        const long TenHours = 36_000L * 5_000_000_000;
        var bar = new Bar(200, TenHours, Glyphs.Ascii);
        bar.Fill(TenHours / 2, TenHours, '#');
        Assert.Equal(new string(' ', 100) + new string('#', 100), bar.ToString());
    }

    [Fact]
    public void What_is_cut_is_marked_and_what_is_not_ascii_is_asked_for()
    {
        Assert.Equal("abc~", Glyphs.Ascii.Fit("abcdef", 4));
        Assert.Equal("abc…", Glyphs.Unicode.Fit("abcdef", 4));
        Assert.Equal("abcd", Glyphs.Ascii.Fit("abcd", 4));
        Assert.Equal("caf?", Glyphs.Ascii.Printable("café"));
        Assert.Equal("café", Glyphs.Unicode.Printable("café"));
    }
}
