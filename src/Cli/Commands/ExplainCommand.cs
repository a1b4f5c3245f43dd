using System.CommandLine;
using System.Globalization;
using Abi.Costs;
using Abi.Units;
using Cli.Glossary;
using Programs.Language;
using Scenarios;
using Scenarios.Profiles;

namespace Cli.Commands;

/// <summary>`explain`: what a word means, and where a number is from.</summary>
internal static class ExplainCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Settings settings)
    {
        var word = new Argument<string>("WORD")
        {
            HelpName = "WORD",
            Description = "A cause, part, counter, errno, call, step, trace record, row or term.",
        };
        word.CompletionSources.Add(_ => Words.All.Select(entry => entry.Word).Distinct());
        var profile = new Option<string>("--profile")
        {
            Description = "The cost profile whose numbers are shown: a name or a file.",
            HelpName = "PROFILE",
            DefaultValueFactory = _ => "sel4-haswell",
        };
        profile.CompletionSources.Add(_ => CostProfiles.Names);
        var command = new Command("explain", "Say what a word means and where its number is from.")
        {
            word,
            profile,
        };
        command.SetAction(arguments => (int)Explain(
            settings.Terminal.Output, arguments.GetRequiredValue(word),
            arguments.GetRequiredValue(profile)));
        return command;
    }

    private static ExitCode Explain(TextWriter output, string word, string profileName)
    {
        var loaded = ProfileLoader.Find(profileName, "");
        if (loaded.Profile is not { } profile)
        {
            throw new BadInputException(loaded.Diagnostics);
        }

        var entries = Words.Find(word);
        var places = RowsOf(profile)
            .Where(each => each.Row.Id == word)
            .DistinctBy(each => each.Row)
            .ToList();
        if (entries.Count == 0 && places.Count == 0)
        {
            var known = Words.All.Select(entry => entry.Word)
                .Concat(RowsOf(profile).Select(each => each.Row.Id));
            throw new BadInputException($"expected a word that is used here, not '{word}'"
                + Suggestion.Hint(word, known) + " ('micro list' prints many)");
        }

        foreach (var entry in entries)
        {
            Write(output, entry, profile);
        }

        foreach (var (place, row) in places)
        {
            output.WriteLine($"{row.Id} (a published figure, in {place})");
            WriteRow(output, row);
        }

        return ExitCode.Success;
    }

    /// <summary>Published figures of the profile and of the devices, and where each
    /// stands.</summary>
    private static IEnumerable<(string Place, ProfileRow Row)> RowsOf(LoadedProfile profile) =>
        profile.Rows
            .Select(row => ($"profile {profile.Profile.Name}", row))
            .Concat(
                from each in DeviceProfiles.Names
                from row in DeviceProfiles.Find(each.Name).Device?.Rows ?? []
                select ($"device {each.Name}", row));

    private static void Write(TextWriter output, Entry entry, LoadedProfile profile)
    {
        output.WriteLine($"{entry.Word} ({NameOf(entry.Kind)})");
        output.WriteLine("  " + entry.Text);
        switch (entry.Kind)
        {
            case WordKind.Cause:
                var parts = Enum.GetValues<Part>().Where(part => part.Cause().Name() == entry.Word);
                var names = string.Join(", ", parts.Select(part => part.Name()));
                output.WriteLine(names.Length > 0
                    ? $"  parts billed to it: {names}"
                    : "  no part is billed to it: it is waiting, which only latencies contain");
                break;
            case WordKind.Part:
                WritePart(output, entry.Word, profile);
                break;
            case WordKind.ProfileEntry:
                WritePrice(output, profile.Find(entry.Word)!, profile);
                break;
            case WordKind.Device:
                WriteDevice(output, entry.Word);
                break;
            case WordKind.Counter or WordKind.Errno or WordKind.Call or WordKind.Syscall
                or WordKind.FaultStep or WordKind.TraceRecord or WordKind.Component
                or WordKind.Mechanism or WordKind.Term:
                break;
        }

        output.WriteLine();
    }

    private static void WriteDevice(TextWriter output, string name)
    {
        var found = DeviceProfiles.Find(name);
        if (found.Device is not { } device)
        {
            throw new BadInputException(found.Diagnostics);
        }

        output.WriteLine("  " + device.Description);
        foreach (var figure in device.Entries)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {figure.Name}: {figure.Value:#,0.###} {figure.Unit}; ")
                + StatusOf(figure.Status));
            output.WriteLine("    source: " + figure.Source);
            WriteDerivation(
                output, figure, device.Rows, other => device.Entries.FirstOrDefault(
                    each => each.Name == other) is { } known
                    ? string.Create(
                        CultureInfo.InvariantCulture, $"{known.Value:#,0.###} {known.Unit}")
                    : null,
                "    ");
        }
    }

    private static void WritePart(TextWriter output, string name, LoadedProfile profile)
    {
        var part = Enum.GetValues<Part>().First(each => each.Name() == name);
        output.WriteLine($"  billed to the cause {part.Cause().Name()}");
        if (part.IsCountedCycle())
        {
            output.WriteLine("  1 cycle in every profile");
        }
        else
        {
            WritePrice(output, profile.Find(name)!, profile);
        }
    }

    private static void WritePrice(TextWriter output, ProfileEntry entry, LoadedProfile profile)
    {
        var amount = entry.Unit == "words"
            ? $"{entry.Amount} words"
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{entry.Amount:N0} cycles, {Nanoseconds(entry, profile):N0} ns");
        output.WriteLine(
            $"  in profile {profile.Profile.Name}: {amount}; {StatusOf(entry.Status)}");
        if (entry.Borrowed.Length > 0)
        {
            output.WriteLine($"  borrowed from: {entry.Borrowed}");
        }

        output.WriteLine("  source: " + entry.Source);
        WriteDerivation(
            output, entry, profile.Rows,
            other => profile.Find(other) is { } known
                ? $"{known.Amount} cycles ('micro explain {other}')"
                : null,
            "  ");
    }

    private static void WriteDerivation(
        TextWriter output, ProfileEntry entry, IReadOnlyList<ProfileRow> rows,
        Func<string, string?> textOf, string indent)
    {
        if (entry.Derivation.Length == 0)
        {
            return;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{indent}derived: {entry.Derivation} = {entry.Value:0.###} {entry.Unit}"));
        foreach (var word in entry.Names)
        {
            if (rows.FirstOrDefault(row => row.Id == word) is { } row)
            {
                output.WriteLine($"{indent}  {word}");
                WriteRow(output, row, indent + "    ");
            }
            else if (textOf(word) is { } text)
            {
                output.WriteLine($"{indent}  {word} = {text}");
            }
        }
    }

    private static void WriteRow(TextWriter output, ProfileRow row, string indent = "  ")
    {
        var cpu = row.Cpu.Length == 0 ? "" : $" on {row.Cpu}";
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{indent}{row.Value} {row.Unit}{cpu}; {StatusOf(row.Status)}"));
        output.WriteLine(indent + row.Source);
    }

    private static long Nanoseconds(ProfileEntry entry, LoadedProfile profile) =>
        profile.Profile.Frequency.ToNanoseconds(new Cycles(entry.Amount));

    private static string StatusOf(ProfileStatus status) => status.ToString().ToUpperInvariant();

    private static string NameOf(WordKind kind) => kind switch
    {
        WordKind.Cause => "a cause: a row of the bill",
        WordKind.Mechanism => "a mechanism: what --mechanisms takes",
        WordKind.Part => "a part: a primitive with a price",
        WordKind.ProfileEntry => "an entry of the cost profile",
        WordKind.Counter => "a counter",
        WordKind.Errno => "an errno",
        WordKind.Call => "a call",
        WordKind.Syscall => "a system call of the microkernel",
        WordKind.FaultStep => "a step at which a crash can be ordered",
        WordKind.TraceRecord => "a trace record",
        WordKind.Device => "a device",
        WordKind.Component => "a component",
        WordKind.Term => "a term",
    };
}
