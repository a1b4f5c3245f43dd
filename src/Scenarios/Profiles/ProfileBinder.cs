using System.Globalization;
using Abi.Costs;
using Abi.Units;
using Programs.Language;
using Scenarios.Loading;

namespace Scenarios.Profiles;

/// <summary>
/// Makes a profile of a YAML document, and reports what is wrong with it. What the document leaves
/// out comes from its base, computed with the document's own clock.
/// </summary>
internal sealed class ProfileBinder(Action<Position, string> report)
{
    /// <summary>The key that names the file whose entries fill what a profile leaves
    /// out.</summary>
    public const string Base = "base";

    /// <summary>
    /// In formulas: the profile's clock, cycles per microsecond, so that us x clock = cycles.
    /// </summary>
    public const string Clock = "clock";

    private const string Parts = "parts";
    private const string Limits = "limits";
    private const string Delays = "delays";

    private static readonly IReadOnlyList<string> PartNames =
    [
        .. Enum.GetValues<Part>()
            .Where(part => !part.IsCountedCycle())
            .Select(part => part.Name()),
    ];

    public static readonly IReadOnlyList<string> LimitNames =
        ["message-registers", "tlb-entries", "cache-lines"];

    public static readonly IReadOnlyList<string> DelayNames =
    [
        "interprocessor-latency", "interrupt-latency", "interrupt-coalescing", "quantum",
        "component-start", "reboot",
    ];

    // How many of the unit a second has, so that amounts become cycles by the clock's hertz.
    private static readonly (string Unit, decimal PerSecond)[] Times =
        [("ns", 1e9m), ("us", 1e6m), ("ms", 1e3m), ("s", 1m)];

    private readonly Dictionary<string, ProfileRow> rows = new(StringComparer.Ordinal);
    private readonly List<ProfileRow> rowsInOrder = [];
    private readonly Dictionary<string, Draft> drafts = new(StringComparer.Ordinal);
    private readonly List<Draft> draftsInOrder = [];
    private readonly HashSet<string> refused = new(StringComparer.Ordinal);
    private long hertz;
    private bool isInBase;
    private Action<Position, string> report = report;

    private enum State
    {
        New,
        Open,
        Done,
    }

    private sealed class Draft(string name, string section, Position at)
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

    /// <summary>The profile; worth nothing if anything was reported.</summary>
    /// <param name="document">The profile's text.</param>
    /// <param name="foundation">Its base's text, or null.</param>
    /// <param name="reportBase">Hears what is wrong with the base.</param>
    public LoadedProfile? Bind(
        YamlNode document, YamlNode? foundation, Action<Position, string> reportBase)
    {
        var root = Fields(document, "a cost profile",
            ["name", "description", Base, Clock, "rows", Parts, Limits, Delays],
            ["description", Base, "rows", Parts, Limits, Delays]);
        if (root is null)
        {
            return null;
        }

        var name = Text(root, "name");
        var clockSource = BindClock(root);
        foreach (var (id, value) in Entries(root, "rows"))
        {
            BindRow(id, value);
        }

        BindSections(root);
        if (foundation is not null)
        {
            BindBase(foundation, reportBase);
        }

        ReportMissing(document, Parts, PartNames);
        ReportMissing(document, Limits, LimitNames);
        ReportMissing(document, Delays, DelayNames);
        if (hertz == 0)
        {
            return null;
        }

        foreach (var draft in draftsInOrder)
        {
            Resolve(draft);
        }

        return draftsInOrder.Exists(draft => draft.Failed)
            ? null
            : Build(name ?? "", Text(root, "description") ?? "", clockSource);
    }

    private void BindSections(SortedDictionary<string, YamlNode> root)
    {
        BindSection(root, Parts, PartNames);
        BindSection(root, Limits, LimitNames);
        BindSection(root, Delays, DelayNames);
    }

    private void BindBase(YamlNode foundation, Action<Position, string> reportBase)
    {
        var own = report;
        report = reportBase;
        isInBase = true;
        var root = Fields(foundation, "a base of cost profiles",
            ["description", "rows", Parts, Limits, Delays],
            ["description", "rows", Parts, Limits, Delays]);
        if (root is not null)
        {
            foreach (var (id, value) in Entries(root, "rows"))
            {
                if (!rows.ContainsKey(id.Text))
                {
                    BindRow(id, value);
                }
            }

            BindSections(root);
        }

        report = own;
        isInBase = false;
    }

    private LoadedProfile? Build(string name, string description, string clockSource)
    {
        if (PartNames.Concat(LimitNames).Concat(DelayNames).Any(each => !drafts.ContainsKey(each)))
        {
            return null;
        }

        Cycles Delay(string of) => new(drafts[of].Amount);
        int Limit(string of) => (int)Math.Min(int.MaxValue, drafts[of].Amount);
        var profile = new CostProfile(name, new Frequency(hertz))
        {
            MessageRegisters = Limit("message-registers"),
            TlbEntries = Limit("tlb-entries"),
            CacheLines = Limit("cache-lines"),
            InterprocessorLatency = Delay("interprocessor-latency"),
            InterruptLatency = Delay("interrupt-latency"),
            InterruptCoalescing = Delay("interrupt-coalescing"),
            Quantum = Delay("quantum"),
            ComponentStart = Delay("component-start"),
            Reboot = Delay("reboot"),
        };
        foreach (var part in Enum.GetValues<Part>())
        {
            if (!part.IsCountedCycle())
            {
                profile.With(part, drafts[part.Name()].Amount);
            }
        }

        var entries = draftsInOrder.Select(draft => new ProfileEntry(
            draft.Name, draft.Section, draft.Amount, draft.Value, draft.Unit, draft.Derivation,
            draft.Borrowed, draft.Source, draft.Status));
        return new LoadedProfile(profile, description, clockSource, [.. entries], rowsInOrder);
    }

    private string BindClock(SortedDictionary<string, YamlNode> root)
    {
        if (!root.TryGetValue(Clock, out var node)
            || Fields(node, "the clock", ["value", "unit", "source"], []) is not { } fields)
        {
            return "";
        }

        var value = Number(fields, "value");
        var unit = Word(fields, "unit", ["MHz", "GHz"]);
        if (value is { } figure && unit is not null)
        {
            var exact = figure * (unit == "GHz" ? 1_000_000_000 : 1_000_000);
            if (exact is >= 1 and <= 1_000_000_000_000 && exact == decimal.Truncate(exact))
            {
                hertz = (long)exact;
            }
            else
            {
                report(fields["value"].At, "expected a clock of 1 Hz to 1000 GHz, in whole hertz");
            }
        }

        return Text(fields, "source") ?? "";
    }

    private void BindRow(YamlNode.Scalar id, YamlNode value)
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
        if (id.Text == Clock)
        {
            report(id.At, $"expected another name; '{Clock}' is the profile's clock");
        }
        else if (figure is not null && unit is not null && source is not null && status is not null)
        {
            var cpu = Text(fields, "cpu") ?? "";
            rows[id.Text] = new ProfileRow(id.Text, figure.Value, unit, cpu, source, status.Value)
            {
                Metric = Text(fields, "metric") ?? "",
                Configuration = Text(fields, "configuration") ?? "",
            };
            rowsInOrder.Add(rows[id.Text]);
        }
        else
        {
            refused.Add(id.Text);
        }
    }

    private void BindSection(
        SortedDictionary<string, YamlNode> root, string section, IReadOnlyList<string> names)
    {
        foreach (var (key, value) in Entries(root, section))
        {
            if (drafts.ContainsKey(key.Text))
            {
                // The profile's own entry stands; its base's is not needed.
                continue;
            }

            if (!names.Contains(key.Text))
            {
                var hint = Suggestion.Hint(key.Text, names);
                report(key.At, $"expected an entry of {section}, not '{key.Text}'{hint}");
            }
            else if (BindEntry(key, section, value) is { } draft)
            {
                drafts[key.Text] = draft;
                draftsInOrder.Add(draft);
            }
            else
            {
                refused.Add(key.Text);
            }
        }
    }

    private void ReportMissing(YamlNode document, string section, IReadOnlyList<string> names)
    {
        var at = document is YamlNode.Mapping mapping
            && mapping.Entries.FirstOrDefault(entry => entry.Key.Text == section) is { } entry
            && entry.Value is not null
            ? entry.Value.At
            : document.At;
        foreach (var missing in names)
        {
            if (!drafts.ContainsKey(missing) && !refused.Contains(missing))
            {
                report(at, $"expected an entry '{missing}' in {section}");
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

        var unit = Word(
            fields, "unit",
            section == Limits
                ? ["words", "entries", "lines"]
                : ["cycles", .. Times.Select(time => time.Unit)]);
        var source = Text(fields, "source");
        var status = Status(fields);
        if (fields.ContainsKey("value") == fields.ContainsKey("derived"))
        {
            report(key.At, $"expected either 'value' or 'derived' in entry '{key.Text}'");
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
            Report = report,
            IsFromBase = isInBase,
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
            report(at with { Column = at.Column + errorAt }, "expected " + expected);
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
            if (rows.TryGetValue(name.Text, out var row))
            {
                all &= IsNotBetter(draft, row.Status, name.Text, at);
            }
            else if (drafts.TryGetValue(name.Text, out var other))
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
            else if (name.Text != Clock)
            {
                var hint = Suggestion.Hint(name.Text, rows.Keys.Concat(drafts.Keys)
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
                name == Clock ? hertz / 1_000_000m
                : rows.TryGetValue(name, out var row) ? row.Value
                : drafts[name].Amount);
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
        var time = Array.Find(Times, time => time.Unit == draft.Unit);
        try
        {
            var amount = time.Unit is null ? draft.Value : draft.Value * hertz / time.PerSecond;
            var whole = decimal.Floor(amount + 0.5m);
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

        draft.Report(
            draft.At,
            "expected 0 to 10^15 " + (draft.Section == Limits ? draft.Unit : "cycles"));
        draft.Failed = true;
    }

    private SortedDictionary<string, YamlNode>? Fields(
        YamlNode node, string what, string[] known, string[] optional)
    {
        if (node is not YamlNode.Mapping mapping)
        {
            report(node.At, $"expected the keys of {what}, not {node.Kind}");
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
                report(key.At, $"expected a key of {what}, not '{key.Text}'{hint}");
            }
        }

        foreach (var missing in known.Except(optional).Where(key => !fields.ContainsKey(key)))
        {
            report(node.At, $"expected a key '{missing}' in {what}");
        }

        return fields;
    }

    private IEnumerable<(YamlNode.Scalar Key, YamlNode Value)> Entries(
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

        report(node.At, $"expected the entries of {section}, not {node.Kind}");
        return [];
    }

    private YamlNode.Scalar? Scalar(YamlNode node, string what)
    {
        if (node is YamlNode.Scalar { Text.Length: > 0 } scalar)
        {
            return scalar;
        }

        report(node.At, $"expected {what}, not {node.Kind}");
        return null;
    }

    private string? Text(SortedDictionary<string, YamlNode> fields, string key) =>
        fields.TryGetValue(key, out var node)
            ? Scalar(node, $"a text as {key}")?.Text.Trim()
            : null;

    private string? Word(SortedDictionary<string, YamlNode> fields, string key, string[] words)
    {
        if (!fields.TryGetValue(key, out var node))
        {
            return null;
        }

        if (node is YamlNode.Scalar scalar && words.Contains(scalar.Text))
        {
            return scalar.Text;
        }

        report(node.At, $"expected {string.Join(", ", words)} as {key}, not {node.Kind}");
        return null;
    }

    private ProfileStatus? Status(SortedDictionary<string, YamlNode> fields)
    {
        var words = Enum.GetNames<ProfileStatus>().Select(name => name.ToUpperInvariant());
        return Word(fields, "status", [.. words]) is { } word
            ? Enum.Parse<ProfileStatus>(word, ignoreCase: true)
            : null;
    }

    private decimal? Number(SortedDictionary<string, YamlNode> fields, string key)
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

        report(node.At, $"expected a number as {key}, not {node.Kind}");
        return null;
    }
}
