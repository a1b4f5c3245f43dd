using System.Globalization;
using Programs.Language;
using Scenarios.Loading;

namespace Scenarios.Profiles;

/// <summary>
/// What cost profiles and devices have in common: published rows, and entries that are given or
/// derived from them, each with unit, source and status. Reports what is wrong with them.
/// </summary>
internal abstract class EntryBinder(Action<Position, string> report)
{
    private readonly HashSet<string> refused = new(StringComparer.Ordinal);

    protected enum State
    {
        New,
        Open,
        Done,
    }

    /// <summary>Hears what is wrong, and where.</summary>
    protected Action<Position, string> Report { get; set; } = report;

    /// <summary>Whether what is read now stands in the base of a profile.</summary>
    protected bool IsInBase { get; set; }

    protected Dictionary<string, ProfileRow> Rows { get; } = new(StringComparer.Ordinal);

    protected List<ProfileRow> RowsInOrder { get; } = [];

    protected Dictionary<string, Draft> Drafts { get; } = new(StringComparer.Ordinal);

    protected List<Draft> DraftsInOrder { get; } = [];

    /// <summary>The entries, when all of them are resolved.</summary>
    protected IReadOnlyList<ProfileEntry> Finished =>
    [
        .. DraftsInOrder.Select(draft => new ProfileEntry(
            draft.Name, draft.Section, draft.Amount, draft.Value, draft.Unit, draft.Derivation,
            draft.Borrowed, draft.Source, draft.Status)),
    ];

    protected sealed class Draft(string name, string section, Position at)
    {
        public string Name { get; } = name;
        public string Section { get; } = section;
        public Position At { get; } = at;
        public required Action<Position, string> Report { get; init; }
        public Formula? Formula { get; init; }
        public Position FormulaAt { get; init; }
        public string Derivation { get; init; } = "";
        public decimal Value { get; set; }
        public string Unit { get; init; } = "";
        public string Source { get; init; } = "";
        public string Borrowed { get; init; } = "";
        public ProfileStatus Status { get; set; }
        public bool IsFromBase { get; init; }
        public State State { get; set; }
        public bool Failed { get; set; }
        public long Amount { get; set; }
    }

    /// <summary>The units in which an entry may be given.</summary>
    protected abstract string[] UnitsOf(string section, string name);

    /// <summary>An entry's value in the unit of the model.</summary>
    protected abstract decimal AmountOf(Draft draft);

    /// <summary>The unit of the model for an entry, for messages.</summary>
    protected abstract string AmountUnitOf(Draft draft);

    /// <summary>A number that formulas can name without a row; null if there is none.</summary>
    protected virtual decimal? Constant(string name) => null;

    /// <summary>Computes the entries; false if one of them has no value.</summary>
    protected bool ResolveAll()
    {
        foreach (var draft in DraftsInOrder)
        {
            Resolve(draft);
        }

        return !DraftsInOrder.Exists(draft => draft.Failed);
    }

    protected void BindRow(YamlNode.Scalar id, YamlNode value)
    {
        var fields = Fields(
            value, $"row '{id.Text}'",
            ["value", "unit", "cpu", "source", "status", "metric", "configuration"],
            ["cpu", "metric", "configuration"]);
        if (fields is null)
        {
            refused.Add(id.Text);
            return;
        }

        var figure = Number(fields, "value");
        var unit = Text(fields, "unit");
        var source = Text(fields, "source");
        var status = Status(fields);
        if (Constant(id.Text) is not null)
        {
            Report(id.At, $"expected another name; '{id.Text}' is the profile's {id.Text}");
        }
        else if (figure is not null && unit is not null && source is not null && status is not null)
        {
            var cpu = Text(fields, "cpu") ?? "";
            Rows[id.Text] = new ProfileRow(id.Text, figure.Value, unit, cpu, source, status.Value)
            {
                Metric = Text(fields, "metric") ?? "",
                Configuration = Text(fields, "configuration") ?? "",
            };
            RowsInOrder.Add(Rows[id.Text]);
        }
        else
        {
            refused.Add(id.Text);
        }
    }

    protected void BindSection(
        SortedDictionary<string, YamlNode> root, string section, IReadOnlyList<string> names)
    {
        foreach (var (key, value) in Entries(root, section))
        {
            if (Drafts.ContainsKey(key.Text))
            {
                // The profile's own entry stands; its base's is not needed.
                continue;
            }

            if (!names.Contains(key.Text))
            {
                var hint = Suggestion.Hint(key.Text, names);
                Report(key.At, $"expected an entry of {section}, not '{key.Text}'{hint}");
            }
            else if (BindEntry(key, section, value) is { } draft)
            {
                Drafts[key.Text] = draft;
                DraftsInOrder.Add(draft);
            }
            else
            {
                refused.Add(key.Text);
            }
        }
    }

    protected void ReportMissing(YamlNode document, string section, IReadOnlyList<string> names)
    {
        var at = document is YamlNode.Mapping mapping
            && mapping.Entries.FirstOrDefault(entry => entry.Key.Text == section) is { } entry
            && entry.Value is not null
            ? entry.Value.At
            : document.At;
        foreach (var missing in names)
        {
            if (!Drafts.ContainsKey(missing) && !refused.Contains(missing))
            {
                Report(at, $"expected an entry '{missing}' in {section}");
            }
        }
    }

    private Draft? BindEntry(YamlNode.Scalar key, string section, YamlNode node)
    {
        var fields = Fields(
            node, $"entry '{key.Text}'",
            ["value", "derived", "unit", "borrowed", "source", "status"],
            ["value", "derived", "borrowed"]);
        if (fields is null)
        {
            return null;
        }

        var unit = Word(fields, "unit", UnitsOf(section, key.Text));
        var source = Text(fields, "source");
        var status = Status(fields);
        if (fields.ContainsKey("value") == fields.ContainsKey("derived"))
        {
            Report(key.At, $"expected either 'value' or 'derived' in entry '{key.Text}'");
            return null;
        }

        var value = Number(fields, "value");
        var formula = BindFormula(fields, out var formulaAt, out var derivation);
        if (unit is null || source is null || status is null || (value is null && formula is null))
        {
            return null;
        }

        return new Draft(key.Text, section, fields.GetValueOrDefault("value")?.At ?? formulaAt)
        {
            Report = Report,
            IsFromBase = IsInBase,
            Formula = formula,
            FormulaAt = formulaAt,
            Derivation = derivation,
            Value = value ?? 0,
            Unit = unit,
            Source = source,
            Borrowed = Text(fields, "borrowed") ?? "",
            Status = status.Value,
        };
    }

    private Formula? BindFormula(
        SortedDictionary<string, YamlNode> fields, out Position at, out string derivation)
    {
        at = Position.Start;
        derivation = "";
        if (!fields.TryGetValue("derived", out var node)
            || Scalar(node, "a formula") is not { } text)
        {
            return null;
        }

        derivation = text.Text;
        at = text.Form == ScalarForm.Quoted
            ? text.At with { Column = text.At.Column + 1 }
            : text.At;
        var formula = Formula.Parse(derivation, out var errorAt, out var expected);
        if (formula is null)
        {
            Report(at with { Column = at.Column + errorAt }, "expected " + expected);
        }

        return formula;
    }

    private void Resolve(Draft draft)
    {
        if (draft.State == State.Done)
        {
            return;
        }

        draft.State = State.Open;
        if (draft.Formula is { } formula)
        {
            draft.Failed = !CanEvaluate(draft, formula);
            if (!draft.Failed)
            {
                Evaluate(draft, formula);
            }
        }

        draft.State = State.Done;
        if (!draft.Failed)
        {
            Round(draft);
        }
    }

    private bool CanEvaluate(Draft draft, Formula formula)
    {
        var all = true;
        foreach (var name in formula.Names)
        {
            var at = draft.FormulaAt with { Column = draft.FormulaAt.Column + name.At };
            if (Rows.TryGetValue(name.Text, out var row))
            {
                all &= IsNotBetter(draft, row.Status, name.Text, at);
            }
            else if (Drafts.TryGetValue(name.Text, out var other))
            {
                if (other.State == State.Open)
                {
                    draft.Report(
                        at, $"expected no entry that is derived from '{draft.Name}' itself");
                    all = false;
                    continue;
                }

                Resolve(other);
                all &= !other.Failed && IsNotBetter(draft, other.Status, name.Text, at);
            }
            else if (refused.Contains(name.Text))
            {
                // One complaint about it is enough.
                all = false;
            }
            else if (Constant(name.Text) is null)
            {
                var hint = Suggestion.Hint(name.Text, Rows.Keys.Concat(Drafts.Keys)
                    .Order(StringComparer.Ordinal));
                draft.Report(at, $"expected a row or an entry, not '{name.Text}'{hint}");
                all = false;
            }
        }

        return all;
    }

    private bool IsNotBetter(Draft draft, ProfileStatus worst, string name, Position at)
    {
        if (draft.Status >= worst)
        {
            return true;
        }

        if (draft.IsFromBase)
        {
            // The profile replaced what the base's entry rests on.
            draft.Status = worst;
            return true;
        }

        var status = worst.ToString().ToUpperInvariant();
        draft.Report(at, $"expected status {status} or worse, because '{name}' is {status}");
        return false;
    }

    private void Evaluate(Draft draft, Formula formula)
    {
        try
        {
            draft.Value = formula.Evaluate(name =>
                Constant(name) is { } constant ? constant
                : Rows.TryGetValue(name, out var row) ? row.Value
                : Drafts[name].Amount);
        }
        catch (Exception exception) when (exception is DivideByZeroException or OverflowException)
        {
            draft.Report(draft.FormulaAt, "expected a formula with a value: " + exception.Message);
            draft.Failed = true;
        }
    }

    // Half up, once for each entry.
    private void Round(Draft draft)
    {
        try
        {
            var whole = decimal.Floor(AmountOf(draft) + 0.5m);
            if (whole is >= 0 and <= 1_000_000_000_000_000)
            {
                draft.Amount = (long)whole;
                return;
            }
        }
        catch (OverflowException)
        {
            // Reported below: it is too much.
        }

        draft.Report(draft.At, "expected 0 to 10^15 " + AmountUnitOf(draft));
        draft.Failed = true;
    }

    protected SortedDictionary<string, YamlNode>? Fields(
        YamlNode node, string what, string[] known, string[] optional)
    {
        if (node is not YamlNode.Mapping mapping)
        {
            Report(node.At, $"expected the keys of {what}, not {node.Kind}");
            return null;
        }

        var fields = new SortedDictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Entries)
        {
            if (known.Contains(key.Text))
            {
                fields[key.Text] = value;
            }
            else
            {
                var hint = Suggestion.Hint(key.Text, known);
                Report(key.At, $"expected a key of {what}, not '{key.Text}'{hint}");
            }
        }

        foreach (var missing in known.Except(optional).Where(key => !fields.ContainsKey(key)))
        {
            Report(node.At, $"expected a key '{missing}' in {what}");
        }

        return fields;
    }

    protected IEnumerable<(YamlNode.Scalar Key, YamlNode Value)> Entries(
        SortedDictionary<string, YamlNode> root, string section)
    {
        if (!root.TryGetValue(section, out var node))
        {
            return [];
        }

        if (node is YamlNode.Mapping mapping)
        {
            return mapping.Entries.Select(entry => (entry.Key, entry.Value));
        }

        Report(node.At, $"expected the entries of {section}, not {node.Kind}");
        return [];
    }

    private YamlNode.Scalar? Scalar(YamlNode node, string what)
    {
        if (node is YamlNode.Scalar { Text.Length: > 0 } scalar)
        {
            return scalar;
        }

        Report(node.At, $"expected {what}, not {node.Kind}");
        return null;
    }

    protected string? Text(SortedDictionary<string, YamlNode> fields, string key) =>
        fields.TryGetValue(key, out var node)
            ? Scalar(node, $"a text as {key}")?.Text.Trim()
            : null;

    protected string? Word(SortedDictionary<string, YamlNode> fields, string key, string[] words)
    {
        if (!fields.TryGetValue(key, out var node))
        {
            return null;
        }

        if (node is YamlNode.Scalar scalar && words.Contains(scalar.Text))
        {
            return scalar.Text;
        }

        Report(node.At, $"expected {string.Join(", ", words)} as {key}, not {node.Kind}");
        return null;
    }

    protected ProfileStatus? Status(SortedDictionary<string, YamlNode> fields)
    {
        var words = Enum.GetNames<ProfileStatus>().Select(name => name.ToUpperInvariant());
        return Word(fields, "status", [.. words]) is { } word
            ? Enum.Parse<ProfileStatus>(word, ignoreCase: true)
            : null;
    }

    protected decimal? Number(SortedDictionary<string, YamlNode> fields, string key)
    {
        if (!fields.TryGetValue(key, out var node))
        {
            return null;
        }

        const NumberStyles Style = NumberStyles.AllowDecimalPoint;
        if (node is YamlNode.Scalar scalar
            && decimal.TryParse(scalar.Text, Style, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Report(node.At, $"expected a number as {key}, not {node.Kind}");
        return null;
    }
}
