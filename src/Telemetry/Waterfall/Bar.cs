using Telemetry.Text;

namespace Telemetry.Waterfall;

/// <summary>
/// A bar of some columns that stands for some cycles. A column shows what fills most of it; what
/// is too short to fill most of any column is a mark where it began, unless something longer is
/// there.
/// </summary>
/// <param name="columns">How wide.</param>
/// <param name="cycles">What all columns together stand for; at least 1.</param>
/// <param name="glyphs">What to draw with.</param>
public sealed class Bar(int columns, long cycles, Glyphs glyphs)
{
    private readonly char[] cells = [.. Enumerable.Repeat(' ', columns)];

    /// <summary>Something fills the time between two instants.</summary>
    public void Fill(long from, long to, char glyph)
    {
        // Whole numbers: the same picture on every machine.
        var first = (int)((Int128)2 * from * columns / cycles + 1) / 2;
        var last = (int)((Int128)2 * to * columns / cycles + 1) / 2;
        for (var i = first; i < last; i++)
        {
            cells[i] = glyph;
        }

        if (first == last)
        {
            var cell = Math.Min((int)((Int128)from * columns / cycles), columns - 1);
            if (cells[cell] == ' ')
            {
                cells[cell] = glyphs.Point;
            }
        }
    }

    /// <inheritdoc/>
    public override string ToString() => new(cells);
}
