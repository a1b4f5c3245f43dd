namespace Telemetry.Quizzes;

/// <summary>A question about a run with answers to choose from, as whoever is asked sees
/// it.</summary>
/// <param name="Text">What is asked; no result stands in it.</param>
/// <param name="Choices">Answers, one of them right, in an order that says nothing.</param>
public sealed record Question(string Text, IReadOnlyList<string> Choices);

/// <summary>A question and what is right.</summary>
/// <param name="Kind">What it is about: of one kind only few are asked.</param>
/// <param name="Asked">The question.</param>
/// <param name="Right">The place of the right choice, from 0.</param>
/// <param name="Why">How one knows.</param>
public sealed record SolvedQuestion(string Kind, Question Asked, int Right, string Why)
{
    /// <summary>The right choice.</summary>
    public string Answer => Asked.Choices[Right];
}
