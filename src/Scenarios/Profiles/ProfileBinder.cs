using Abi.Costs;
using Abi.Units;
using Programs.Language;
using Scenarios.Loading;

namespace Scenarios.Profiles;

/// <summary>
/// Makes a profile of a YAML document, and reports what is wrong with it. What the document leaves
/// out comes from its base, computed with the document's own clock.
/// </summary>
internal sealed class ProfileBinder(Action<Position, string> report) : EntryBinder(report)
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

    private long hertz;

    protected override decimal? Constant(string name) =>
        name == Clock ? hertz / 1_000_000m : null;

    protected override string[] UnitsOf(string section, string name) => section == Limits
        ? ["words", "entries", "lines"]
        : ["cycles", .. Times.Select(time => time.Unit)];

    protected override decimal AmountOf(Draft draft)
    {
        var time = Array.Find(Times, time => time.Unit == draft.Unit);
        return time.Unit is null ? draft.Value : draft.Value * hertz / time.PerSecond;
    }

    protected override string AmountUnitOf(Draft draft) =>
        draft.Section == Limits ? draft.Unit : "cycles";

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

        return ResolveAll()
            ? Build(name ?? "", Text(root, "description") ?? "", clockSource)
            : null;
    }

    private void BindSections(SortedDictionary<string, YamlNode> root)
    {
        BindSection(root, Parts, PartNames);
        BindSection(root, Limits, LimitNames);
        BindSection(root, Delays, DelayNames);
    }

    private void BindBase(YamlNode foundation, Action<Position, string> reportBase)
    {
        var own = Report;
        Report = reportBase;
        IsInBase = true;
        var root = Fields(foundation, "a base of cost profiles",
            ["description", "rows", Parts, Limits, Delays],
            ["description", "rows", Parts, Limits, Delays]);
        if (root is not null)
        {
            foreach (var (id, value) in Entries(root, "rows"))
            {
                if (!Rows.ContainsKey(id.Text))
                {
                    BindRow(id, value);
                }
            }

            BindSections(root);
        }

        Report = own;
        IsInBase = false;
    }

    private LoadedProfile? Build(string name, string description, string clockSource)
    {
        if (PartNames.Concat(LimitNames).Concat(DelayNames).Any(each => !Drafts.ContainsKey(each)))
        {
            return null;
        }

        Cycles Delay(string of) => new(Drafts[of].Amount);
        int Limit(string of) => (int)Math.Min(int.MaxValue, Drafts[of].Amount);
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
                profile.With(part, Drafts[part.Name()].Amount);
            }
        }

        return new LoadedProfile(profile, description, clockSource, Finished, RowsInOrder);
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
                Report(fields["value"].At, "expected a clock of 1 Hz to 1000 GHz, in whole hertz");
            }
        }

        return Text(fields, "source") ?? "";
    }
}
