namespace Programs.Language;

/// <summary>
/// Where a program's text stands in its file, so that positions are those of the file.
/// </summary>
/// <param name="FirstLine">The file's line that holds the text's first one, from 1.</param>
/// <param name="Indent">How many columns stand before each line of the text.</param>
public readonly record struct SourceOrigin(int FirstLine, int Indent)
{
    /// <summary>The text is the file.</summary>
    public static SourceOrigin None => new(1, 0);

    /// <summary>The file's place of a place in the text.</summary>
    public Position Locate(int line, int column) => new(FirstLine + line - 1, Indent + column);
}
