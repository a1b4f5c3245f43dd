using Abi;
using Abi.Costs;
using Abi.Kernel;
using Abi.Posix;
using Programs.Language;
using Records;
using Scenarios.Model;
using Scenarios.Profiles;
using Scenarios.Schema;
using Telemetry.Strace;

namespace Cli.Glossary;

/// <summary>
/// Every word that reports, scenarios and profiles use, with its meaning. The text is that of the
/// code's own
/// documentation, so that there is one text for readers of either.
/// </summary>
public sealed class Words
{
    private readonly XmlDocumentation abi = new(typeof(Cause).Assembly);
    private readonly XmlDocumentation records = new(typeof(Counter).Assembly);
    private readonly XmlDocumentation scenarios = new(typeof(Mechanism).Assembly);
    private readonly List<Entry> entries = [];

    private Words()
    {
        AddEnum<Cause>(WordKind.Cause, abi, cause => cause.Name());
        AddEnum<Part>(WordKind.Part, abi, part => part.Name());
        AddEnum<Counter>(WordKind.Counter, records, counter => counter.Name());
        AddErrnos();
        AddCalls();
        AddEnum<Syscall>(WordKind.Syscall, abi, syscall => KebabCase.Of(syscall.ToString()));
        AddEnum<FaultStep>(WordKind.FaultStep, abi, step => KebabCase.Of(step.ToString()));
        AddEnum<TraceKind>(WordKind.TraceRecord, records, kind => KebabCase.Of(kind.ToString()));
        AddEnum<Mechanism>(
            WordKind.Mechanism, scenarios, each => KebabCase.Of(each.ToString()));
        AddProfileEntries();
        foreach (var (name, key) in DeviceProfiles.Names)
        {
            entries.Add(new Entry(
                WordKind.Device, name, $"A device's model; a scenario chooses it by {key}."));
        }

        var terms = Vocabulary.Terms;
        foreach (var component in Components.All)
        {
            entries.Add(new Entry(
                WordKind.Component, component, terms.GetValueOrDefault(component, "")));
        }

        foreach (var (term, text) in terms.Where(term => !Components.All.Contains(term.Key)))
        {
            entries.Add(new Entry(WordKind.Term, term, text));
        }
    }

    /// <summary>All of them, by kind.</summary>
    public static IReadOnlyList<Entry> All { get; } = new Words().entries;

    /// <summary>
    /// What a word means; several things may have one name. Case and spaces do not matter.
    /// </summary>
    public static IReadOnlyList<Entry> Find(string word) =>
        [.. All.Where(entry => Plain(entry.Word) == Plain(word))];

    private static string Plain(string word) =>
        word.Trim().Replace(' ', '-').Replace('_', '-').ToLowerInvariant();

    private void AddEnum<T>(WordKind kind, XmlDocumentation texts, Func<T, string> name)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            entries.Add(new Entry(kind, name(value), texts.Of(typeof(T), value.ToString())));
        }
    }

    private void AddErrnos()
    {
        foreach (var error in Enum.GetValues<Errno>().Where(error => error != Errno.None))
        {
            var text = abi.Of(typeof(Errno), error.ToString());
            entries.Add(new Entry(
                WordKind.Errno, error.ToString(), $"{(int)error}, \"{error.Text()}\". {text}"));
        }
    }

    private void AddCalls()
    {
        foreach (var call in CallTable.All)
        {
            var forms = string.Join("; ", call.Forms.Select(form => form.Text));
            var alias = call.Alias is null ? "" : $" strace calls it {call.Alias}.";
            var isOurs = (int)call.Call >= (int)PosixCall.IpcCall;
            var origin = isOurs
                ? "A call of Micro's own, for raw IPC between processes."
                : "As POSIX has it.";
            entries.Add(new Entry(WordKind.Call, call.Name, $"{forms}. {origin}{alias}"));
        }
    }

    private void AddProfileEntries()
    {
        foreach (var property in typeof(CostProfile).GetProperties())
        {
            var name = KebabCase.Of(property.Name);
            if (ProfileLoader.LimitNames.Contains(name) || ProfileLoader.DelayNames.Contains(name))
            {
                entries.Add(new Entry(WordKind.ProfileEntry, name, abi.Of(property)));
            }
        }
    }
}
