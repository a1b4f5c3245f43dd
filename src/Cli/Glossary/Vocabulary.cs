namespace Cli.Glossary;

/// <summary>
/// The terms of docs/vocabulary.md, which is part of the program: lines `- **term**: text`.
/// </summary>
internal static class Vocabulary
{
    /// <summary>Each term's text, in the document's order.</summary>
    public static IReadOnlyDictionary<string, string> Terms { get; } = Read();

    private static OrderedDictionary<string, string> Read()
    {
        using var stream = typeof(Vocabulary).Assembly.GetManifestResourceStream("vocabulary.md")
            ?? throw new InvalidOperationException("vocabulary.md is not in the program");
        using var reader = new StreamReader(stream);
        var terms = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        var term = "";
        while (reader.ReadLine() is { } line)
        {
            const string Begin = "- **";
            const string End = "**: ";
            var end = line.IndexOf(End, StringComparison.Ordinal);
            if (line.StartsWith(Begin, StringComparison.Ordinal) && end > 0)
            {
                term = line[Begin.Length..end];
                terms[term] = line[(end + End.Length)..];
            }
            else if (term.Length > 0 && line.StartsWith("  ", StringComparison.Ordinal))
            {
                terms[term] += " " + line.Trim();
            }
            else
            {
                term = "";
            }
        }

        return terms;
    }
}
