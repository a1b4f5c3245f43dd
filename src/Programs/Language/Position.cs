using System.Globalization;

namespace Programs.Language;

/// <summary>
/// A place in a source file, counted from 1; a column is a UTF-16 unit, a tab is one.
/// </summary>
public readonly record struct Position(int Line, int Column)
{
    /// <summary>The first place of a file.</summary>
    public static Position Start => new(1, 1);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}");
}
