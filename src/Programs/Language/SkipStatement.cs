using Pidgin;

namespace Programs.Language;

/// <summary>
/// Goes to the end of a statement that could not be read: the end of its line or a `;`, but past
/// the whole of a block that it opens.
/// </summary>
/// <param name="inBlock">Whether a `}` that it did not open closes the block around it.</param>
internal sealed class SkipStatement(bool inBlock) : Parser<char, Statement?>
{
    /// <inheritdoc/>
    public override bool TryParse(
        ref ParseState<char> state, ref PooledList<Expected<char>> expecteds, out Statement? result)
    {
        result = null;
        var depth = 0;
        var inText = false;
        while (state.HasCurrent)
        {
            var c = state.Current;
            if (c == '\n')
            {
                inText = false;
            }

            var isOver = depth == 0 && !inText
                && (c is '\n' or ';' || (c == '}' && inBlock));
            if (isOver)
            {
                return true;
            }

            if (c == '"')
            {
                inText = !inText;
            }
            else if (!inText)
            {
                depth += c == '{' ? 1 : c == '}' && depth > 0 ? -1 : 0;
            }

            state.Advance();
        }

        return true;
    }
}
