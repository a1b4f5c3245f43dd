using System.Text;

namespace Abi.Posix;

/// <summary>Bytes as strace prints them.</summary>
public static class StraceText
{
    /// <summary>
    /// The most bytes that strace prints of a text, unless told otherwise (its option -s).
    /// </summary>
    public const int Limit = 32;

    /// <summary>Quoted and escaped; what is beyond the limit becomes `...`.</summary>
    public static string Quote(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        Append(text, Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, Limit)]));
        return text.Append(bytes.Length > Limit ? "..." : "").ToString();
    }

    /// <summary>
    /// Quotes and escapes: as C, and octal with as few digits as the next character allows.
    /// </summary>
    /// <param name="text">Gets the result.</param>
    /// <param name="bytes">One byte in each char.</param>
    public static void Append(StringBuilder text, string bytes)
    {
        text.Append('"');
        for (var i = 0; i < bytes.Length; i++)
        {
            var isDigitNext = i + 1 < bytes.Length && char.IsAsciiDigit(bytes[i + 1]);
            _ = bytes[i] switch
            {
                '\n' => text.Append("\\n"),
                '\t' => text.Append("\\t"),
                '\r' => text.Append("\\r"),
                '\v' => text.Append("\\v"),
                '\f' => text.Append("\\f"),
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                >= ' ' and <= '~' => text.Append(bytes[i]),
                var c => text.Append('\\')
                    .Append(Convert.ToString(c, 8).PadLeft(isDigitNext ? 3 : 1, '0')),
            };
        }

        text.Append('"');
    }
}
