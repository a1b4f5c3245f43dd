using Abi.Units;

namespace Engine.Determinism;

/// <summary>What the actors of a run did, in order.</summary>
public sealed class Trace
{
    private readonly Fingerprint _fingerprint = new();
    private readonly List<string> _lines = [];

    /// <summary>One line for each thing that happened.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The fingerprint of all lines.</summary>
    public string Fingerprint => _fingerprint.ToString();

    /// <summary>How many lines contain a text.</summary>
    public int Count(string text) =>
        _lines.Count(line => line.Contains(text, StringComparison.Ordinal));

    internal void Add(VirtualTime now, string who, string what)
    {
        var line = $"{now} {who} {what}";
        _lines.Add(line);
        foreach (var character in line)
        {
            _fingerprint.Add(character);
        }
    }
}
