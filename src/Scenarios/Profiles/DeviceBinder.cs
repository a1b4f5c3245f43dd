using Abi;
using Programs.Language;
using Scenarios.Loading;

namespace Scenarios.Profiles;

/// <summary>Makes a device of a YAML document, and reports what is wrong with it.</summary>
internal sealed class DeviceBinder(Action<Position, string> report) : EntryBinder(report)
{
    private const string Figures = "figures";
    private const string AverageSeek = "average-seek";
    private const string TrackToTrack = "track-to-track-seek";

    // Units in which a time may stand, and how many of the model's unit each is.
    private static readonly (string Unit, decimal In)[] Nanoseconds =
        [("ns", 1), ("us", 1_000), ("ms", 1_000_000)];

    private static readonly (string Unit, decimal In)[] Picoseconds = [("ps", 1), ("ns", 1_000)];

    private const long Second = 1_000_000_000;
    private const long Million = 1_000_000;

    private static readonly Figure[] FlashDisk =
    [
        new("read-latency", Nanoseconds, 0, 1000 * Second),
        new("write-latency", Nanoseconds, 0, 1000 * Second),
        new("link-rate", [("bytes/s", 1)], 1, Million * Million),
        new("queue-depth", [("requests", 1)], 1, Million),
        new("parallelism", [("requests", 1)], 1, Million),
    ];

    private static readonly Figure[] HardDisk =
    [
        new("speed", [("turns/min", 1)], 1, Million),
        new(AverageSeek, Nanoseconds, 0, 1000 * Second),
        new(TrackToTrack, Nanoseconds, 0, 1000 * Second),
        new("track-length", [("sectors", 1)], 1, Million),
        new("queue-depth", [("requests", 1)], 1, Million),
    ];

    private static readonly Figure[] Ethernet =
    [
        new("byte-time", Picoseconds, 1, Million * Million),
        new("latency", Nanoseconds, 0, 1000 * Second),
        new("shortest-frame", [("bytes", 1)], 1, Million),
        new("check-sequence", [("bytes", 1)], 0, Million),
        new("frame-overhead", [("bytes", 1)], 0, Million),
        new("peer-turnaround", Nanoseconds, 0, 1000 * Second),
    ];

    private Figure[] figures = [];

    /// <param name="Name">Its name in the file.</param>
    /// <param name="Units">What it may be given in; the first is the model's.</param>
    /// <param name="Min">The least that the model can work with.</param>
    /// <param name="Max">The most.</param>
    private sealed record Figure(
        string Name, (string Unit, decimal In)[] Units, long Min, long Max);

    /// <summary>The figures that a device of a kind has.</summary>
    public static IReadOnlyList<string> NamesOf(DeviceKind kind) =>
        [.. FiguresOf(kind).Select(figure => figure.Name)];

    /// <summary>The device; worth nothing if anything was reported.</summary>
    public DeviceProfile? Bind(YamlNode document)
    {
        var root = Fields(
            document, "a device", ["name", "kind", "description", "rows", Figures],
            ["description", "rows"]);
        if (root is null)
        {
            return null;
        }

        var name = Text(root, "name");
        var kinds = Enum.GetValues<DeviceKind>();
        var word = Word(root, "kind", [.. kinds.Select(each => KebabCase.Of(each.ToString()))]);
        if (word is null)
        {
            return null;
        }

        var kind = kinds.First(each => KebabCase.Of(each.ToString()) == word);
        figures = FiguresOf(kind);
        foreach (var (id, value) in Entries(root, "rows"))
        {
            BindRow(id, value);
        }

        BindSection(root, Figures, NamesOf(kind));
        ReportMissing(document, Figures, NamesOf(kind));
        if (!ResolveAll() || !AreInRange())
        {
            return null;
        }

        return new DeviceProfile(
            name ?? "", kind, Text(root, "description") ?? "", Finished, RowsInOrder);
    }

    protected override string[] UnitsOf(string section, string name) =>
        [.. FigureOf(name).Units.Select(each => each.Unit)];

    protected override decimal AmountOf(Draft draft) =>
        draft.Value * FigureOf(draft.Name).Units.First(each => each.Unit == draft.Unit).In;

    protected override string AmountUnitOf(Draft draft) => FigureOf(draft.Name).Units[0].Unit;

    private static Figure[] FiguresOf(DeviceKind kind) => kind switch
    {
        DeviceKind.FlashDisk => FlashDisk,
        DeviceKind.HardDisk => HardDisk,
        DeviceKind.Ethernet => Ethernet,
    };

    private Figure FigureOf(string name) => Array.Find(figures, each => each.Name == name)!;

    private bool AreInRange()
    {
        var all = true;
        foreach (var draft in DraftsInOrder)
        {
            var figure = FigureOf(draft.Name);
            if (draft.Amount < figure.Min || draft.Amount > figure.Max)
            {
                draft.Report(
                    draft.At, $"expected {figure.Min} to {figure.Max} {AmountUnitOf(draft)}");
                all = false;
            }
        }

        if (Drafts.TryGetValue(AverageSeek, out var average)
            && Drafts.TryGetValue(TrackToTrack, out var shortest)
            && average.Amount < shortest.Amount)
        {
            average.Report(average.At, $"expected at least the {TrackToTrack}");
            all = false;
        }

        return all;
    }
}
