namespace Bench;

/// <summary>Prints whether targets were met, and remembers it.</summary>
internal sealed class Targets
{
    /// <summary>Whether every target so far was met.</summary>
    public bool AllMet { get; private set; } = true;

    /// <summary>One target: its text, and whether it was met.</summary>
    public void Check(string target, bool met)
    {
        AllMet &= met;
        Console.WriteLine($"{(met ? "PASS" : "FAIL")} {target}");
    }
}
