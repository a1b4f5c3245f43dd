using Scenarios.Profiles;

namespace Validation.Calibration;

/// <summary>How an entry of a profile follows from measurements.</summary>
internal sealed record PriceRule(
    string Entry, string Section, string Derivation, ProfileStatus Status, string Source)
{
    private const string Parts = "parts";
    private const string Delays = "delays";

    /// <summary>
    /// All of them; what an earlier one gives, later ones may name. Rows are ns and the clock is
    /// cycles per us, so that row x clock / 1000 = cycles.
    /// </summary>
    public static IReadOnlyList<PriceRule> All { get; } =
    [
        new("trap-enter", Parts,
            $"{CalibrationRows.NullCall} * clock / 2000",
            ProfileStatus.Assumed,
            "Half of the null system call; that entry and exit are equal is assumed."),
        new("trap-leave", Parts,
            $"{CalibrationRows.NullCall} * clock / 1000 - trap-enter",
            ProfileStatus.Assumed,
            "The other half of the null system call; see trap-enter."),
        new("file-request", Parts,
            $"({CalibrationRows.PreadZero} - {CalibrationRows.NullCall}) * clock / 1000",
            ProfileStatus.Measured,
            "Reading a byte of /dev/zero less the null call: no blocks in it."),
        new("file-block", Parts,
            $"({CalibrationRows.PreadByte} - {CalibrationRows.PreadZero}) * clock / 1000",
            ProfileStatus.Measured,
            "Reading a byte of a cached file less the same of /dev/zero: what the page's cache "
            + "takes."),
        new("copy-line", Parts,
            $"({CalibrationRows.PreadPage} - {CalibrationRows.PreadByte}) * clock / 64000",
            ProfileStatus.Measured,
            "Reading 4 KiB less reading a byte, by 64 lines; source and target stay in the cache. "
            + "The byte itself is taken for nothing."),
        new("file-open", Parts,
            $"({CalibrationRows.OpenClose} - 2 * {CalibrationRows.NullCall}) * clock / 1000 "
            + "- path-component",
            ProfileStatus.Assumed,
            "open and close together less two null calls and one component of a path, which is "
            + "the base's; close is charged nothing more."),
        new("schedule", Parts,
            $"({CalibrationRows.PipeThreads} / 2 - {CalibrationRows.PipeAlone}) * clock / 1000",
            ProfileStatus.Assumed,
            "Half a round trip of two threads on one CPU less writing and reading without "
            + "waiting: blocking, waking and switching together, all taken for the switch."),
        new("address-space-switch", Parts,
            $"({CalibrationRows.PipeProcesses} - {CalibrationRows.PipeThreads}) * clock / 2000",
            ProfileStatus.Assumed,
            "Half of what a pipe's round trip on one CPU takes longer between two processes "
            + "than between two threads. The few instructions of the other process, 'cat', are "
            + "in it."),
        new("interprocessor-latency", Delays,
            $"({CalibrationRows.PipeTwoCpus} - {CalibrationRows.PipeThreads}) * clock / 2000 "
            + "- interprocessor-send - interrupt-entry",
            ProfileStatus.Assumed,
            "Half of what a pipe's round trip takes longer on two CPUs than on one, less what "
            + "sender and receiver are charged besides, which is the base's. Waking an idle CPU "
            + "is in it."),
    ];

    /// <summary>
    /// The entry, as the loader would compute it; the names in its formula are asked for.
    /// </summary>
    public ProfileEntry Entity => new(
        Entry, Section, 0, 0, "cycles", Derivation, "", Source, Status);
}
