namespace Programs.Language;

/// <summary>Something wrong in a program's text.</summary>
/// <param name="At">Where, in the file.</param>
/// <param name="Message">What was expected; no full stop.</param>
public readonly record struct SyntaxError(Position At, string Message);
