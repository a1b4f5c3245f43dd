using System.Globalization;

namespace Scenarios;

/// <summary>Something wrong with what the user wrote, and where.</summary>
/// <param name="File">The file as the user named it.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1, in UTF-16 units; a tab is one.</param>
/// <param name="Message">What was expected instead; one sentence without a full stop.</param>
public sealed record Diagnostic(string File, int Line, int Column, string Message)
{
    /// <summary>As compilers print it: "file:line:column: message".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: {Message}");
}
