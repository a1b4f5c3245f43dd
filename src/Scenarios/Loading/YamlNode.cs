using Programs.Language;

namespace Scenarios.Loading;

/// <summary>A YAML node and where it stands.</summary>
internal abstract record YamlNode(Position At)
{
    /// <summary>What it is, for messages.</summary>
    public abstract string Kind { get; }

    internal sealed record Scalar(Position At, string Text, ScalarForm Form) : YamlNode(At)
    {
        public override string Kind =>
            Form != ScalarForm.Plain ? "a text" : Text.Length == 0 ? "nothing" : $"'{Text}'";
    }

    internal sealed record Mapping(Position At, IReadOnlyList<Entry> Entries) : YamlNode(At)
    {
        public override string Kind => "a mapping";
    }

    internal sealed record Sequence(Position At, IReadOnlyList<YamlNode> Items) : YamlNode(At)
    {
        public override string Kind => "a list";
    }

    internal sealed record Entry(Scalar Key, YamlNode Value);
}

/// <summary>How a scalar is written; a program's positions depend on it.</summary>
internal enum ScalarForm
{
    /// <summary>Without quotes.</summary>
    Plain,
    /// <summary>In quotes.</summary>
    Quoted,
    /// <summary>A block behind `|`.</summary>
    Literal,
    /// <summary>A block behind `>`, whose lines are joined.</summary>
    Folded,
}
