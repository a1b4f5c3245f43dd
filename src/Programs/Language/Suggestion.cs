namespace Programs.Language;

/// <summary>Guesses what a misspelled word was meant to be.</summary>
public static class Suggestion
{
    /// <summary>
    /// The nearest of the known words by edit distance (Damerau-Levenshtein with adjacent
    /// transpositions, case ignored), or null if it differs in more than a third of its letters.
    /// Ties: the first.
    /// </summary>
    public static string? For(string word, IEnumerable<string> known)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        if (word.Length > 64)
        {
            return null;
        }

        foreach (var candidate in known)
        {
            var distance = Distance(word.ToLowerInvariant(), candidate.ToLowerInvariant());
            if (distance < bestDistance && distance <= (candidate.Length + 1) / 3)
            {
                best = candidate;
                bestDistance = distance;
            }
        }

        return best;
    }

    /// <summary>"; did you mean 'read'?", or nothing.</summary>
    public static string Hint(string word, IEnumerable<string> known) =>
        For(word, known) is { } guess ? $"; did you mean '{guess}'?" : "";

    private static int Distance(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            table[i, 0] = i;
        }

        for (var j = 0; j <= right.Length; j++)
        {
            table[0, j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            for (var j = 1; j <= right.Length; j++)
            {
                var cost = left[i - 1] == right[j - 1] ? 0 : 1;
                var least = Math.Min(
                    Math.Min(table[i - 1, j], table[i, j - 1]) + 1, table[i - 1, j - 1] + cost);
                var isSwap = i > 1 && j > 1
                    && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
                table[i, j] = isSwap ? Math.Min(least, table[i - 2, j - 2] + 1) : least;
            }
        }

        return table[left.Length, right.Length];
    }
}
