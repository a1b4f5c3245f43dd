using Programs.Language;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Scenarios.Loading;

/// <summary>
/// Reads one YAML document into nodes that know their places. Refuses what a scenario has no use
/// for and an attacker has: aliases (a few lines of them stand for gigabytes), tags, deep nesting,
/// huge texts.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>The longest text, in UTF-16 units.</summary>
    public const int MaxLength = 1 << 20;

    private const int MaxDepth = 32;
    private readonly Parser events;
    private readonly Action<Position, string> report;
    private readonly string what;
    private Position last = Position.Start;

    private YamlReader(string text, Action<Position, string> report, string what)
    {
        events = new Parser(new Scanner(new StringReader(text), skipComments: true));
        this.report = report;
        this.what = what;
    }

    /// <summary>
    /// The document's root; null if there is none or the text is no YAML: then something is
    /// reported.
    /// </summary>
    public static YamlNode? Read(
        string text, Action<Position, string> report, string what = "a scenario")
    {
        if (text.Length > MaxLength)
        {
            report(Position.Start, $"expected at most {MaxLength >> 20} MiB of text");
            return null;
        }

        var reader = new YamlReader(text, report, what);
        try
        {
            return reader.Document();
        }
        catch (YamlException exception)
        {
            report(PlaceOf(exception.Start), "expected YAML: " + Sentence(exception));
        }
        catch (Exception exception)
            when (exception is InvalidOperationException or ArgumentException)
        {
            // What YamlDotNet's scanner throws at some damaged flow collections.
            report(reader.last, "expected YAML; behind this it cannot be read");
        }

        return null;
    }

    private YamlNode? Document()
    {
        events.Consume<StreamStart>();
        if (events.Accept<StreamEnd>(out _))
        {
            report(Position.Start, $"expected {what}, not an empty file");
            return null;
        }

        events.Consume<DocumentStart>();
        var root = Node(depth: 0);
        events.Consume<DocumentEnd>();
        if (events.TryConsume<DocumentStart>(out var second))
        {
            report(PlaceOf(second.Start), "expected one document, not a second one");
        }

        return root;
    }

    private YamlNode? Node(int depth)
    {
        var next = events.Current!;
        var at = last = PlaceOf(next.Start);
        if (next is NodeEvent { Tag.IsEmpty: false } tagged && tagged.Tag.Value != "!")
        {
            report(at, $"expected no tag such as {tagged.Tag.Value}");
        }

        if (depth > MaxDepth)
        {
            report(at, $"expected at most {MaxDepth} levels");
            events.SkipThisAndNestedEvents();
            return null;
        }

        switch (next)
        {
            case AnchorAlias:
                events.MoveNext();
                report(at, "expected the value itself, not an alias of it");
                return null;
            case YamlDotNet.Core.Events.Scalar scalar:
                events.MoveNext();
                return new YamlNode.Scalar(at, scalar.Value, FormOf(scalar.Style));
            case SequenceStart:
                return Sequence(at, depth);
            case MappingStart:
                return Mapping(at, depth);
        }

        throw new SyntaxErrorException(next.Start, next.End, "a node is missing");
    }

    private YamlNode.Sequence Sequence(Position at, int depth)
    {
        events.Consume<SequenceStart>();
        var items = new List<YamlNode>();
        while (!events.TryConsume<SequenceEnd>(out _))
        {
            if (Node(depth + 1) is { } item)
            {
                items.Add(item);
            }
        }

        return new YamlNode.Sequence(at, items);
    }

    private YamlNode.Mapping Mapping(Position at, int depth)
    {
        events.Consume<MappingStart>();
        var entries = new List<YamlNode.Entry>();
        var keys = new HashSet<string>();
        while (!events.TryConsume<MappingEnd>(out _))
        {
            var keyAt = PlaceOf(events.Current!.Start);
            var key = Node(depth + 1);
            var value = Node(depth + 1);
            if (key is not YamlNode.Scalar name)
            {
                report(keyAt, "expected a word as key");
            }
            else if (!keys.Add(name.Text))
            {
                report(keyAt, $"expected each key once, not a second '{name.Text}'");
            }
            else if (value is not null)
            {
                entries.Add(new YamlNode.Entry(name, value));
            }
        }

        return new YamlNode.Mapping(at, entries);
    }

    private static ScalarForm FormOf(ScalarStyle style) => style switch
    {
        ScalarStyle.Literal => ScalarForm.Literal,
        ScalarStyle.Folded => ScalarForm.Folded,
        ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted => ScalarForm.Quoted,
        _ => ScalarForm.Plain,
    };

    private static Position PlaceOf(Mark mark) =>
        new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    private static string Sentence(YamlException exception)
    {
        var message = exception.Message.TrimEnd('.');
        return message.Contains("While scanning for the next token", StringComparison.Ordinal)
            ? message + " (YAML allows no tab in indentation)"
            : message;
    }
}
