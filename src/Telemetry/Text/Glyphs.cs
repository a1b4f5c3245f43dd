namespace Telemetry.Text;

/// <summary>The characters that pictures are drawn with.</summary>
/// <param name="Work">A core works.</param>
/// <param name="Wait">Something is waited for.</param>
/// <param name="Below">Somebody who was called works or waits.</param>
/// <param name="Point">Something that began and ended within one cell.</param>
/// <param name="Edge">Left and right end of a scale.</param>
/// <param name="Cost">Before what time was spent on.</param>
/// <param name="Arrow">From who waits to who is waited for.</param>
/// <param name="Cut">After text that was too long.</param>
/// <param name="Times">Between a count and a price.</param>
/// <param name="Mark">Before what is current.</param>
public sealed record Glyphs(
    char Work, char Wait, char Below, char Point, char Edge, char Cost, string Arrow, string Cut,
    char Times, char Mark)
{
    /// <summary>For output in UTF-8. All of these are one column wide.</summary>
    public static Glyphs Unicode { get; } =
        new('█', '▒', '─', '╎', '│', '·', "→", "…", '×', '▶');

    /// <summary>For any other output.</summary>
    public static Glyphs Ascii { get; } = new('#', '.', '-', ':', '|', '*', "->", "~", 'x', '>');

    /// <summary>The text, cut and marked as cut if it is too long for the columns.</summary>
    public string Fit(string text, int columns) => text.Length <= columns
        ? text
        : columns <= Cut.Length ? text[..columns] : text[..(columns - Cut.Length)] + Cut;

    /// <summary>The same text with a question mark for each character that the output may not
    /// know.</summary>
    public string Printable(string text) => this == Unicode
        ? text
        : string.Create(text.Length, text, static (characters, from) =>
        {
            for (var i = 0; i < from.Length; i++)
            {
                characters[i] = from[i] is < ' ' or > '~' ? '?' : from[i];
            }
        });
}
