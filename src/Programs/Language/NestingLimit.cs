namespace Programs.Language;

/// <summary>Finds nesting that a recursive reader should not try.</summary>
internal static class NestingLimit
{
    /// <summary>
    /// Line and column, from 1, of the first bracket that nests deeper than the limit, or null.
    /// </summary>
    public static (int Line, int Column)? FirstBeyond(string text, int limit)
    {
        var (line, column, depth) = (1, 1, 0);
        var inText = false;
        var inComment = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n')
            {
                (line, column, inText, inComment) = (line + 1, 1, false, false);
                continue;
            }

            if (c == '\\' && inText)
            {
                i++;
                column++;
            }
            else if (c == '"' && !inComment)
            {
                inText = !inText;
            }
            else if (c == '#' && !inText)
            {
                inComment = true;
            }
            else if (!inText && !inComment)
            {
                depth += c is '(' or '{' ? 1 : c is ')' or '}' && depth > 0 ? -1 : 0;
                if (depth > limit)
                {
                    return (line, column);
                }
            }

            column++;
        }

        return null;
    }
}
