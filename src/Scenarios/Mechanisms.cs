using Abi;
using Microkernel;
using Microkernel.Placing;
using Scenarios.Model;

namespace Scenarios;

/// <summary>Lists of mechanisms: as text, and as what the kernel is told.</summary>
public static class Mechanisms
{
    /// <summary>All names, as scenarios and the command line write them.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Enum.GetNames<Mechanism>().Select(KebabCase.Of)];

    /// <summary>Reads names separated by commas; null, and the one that is none, if one is
    /// none.</summary>
    public static IReadOnlyList<Mechanism>? Parse(string text, out string unknown)
    {
        var found = new List<Mechanism>();
        const StringSplitOptions Options =
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        foreach (var name in text.Split(',', Options))
        {
            var index = Names.ToList().IndexOf(name);
            if (index < 0)
            {
                unknown = name;
                return null;
            }

            found.Add((Mechanism)index);
        }

        unknown = "";
        return found;
    }

    /// <summary>The names, separated by commas.</summary>
    public static string Text(IEnumerable<Mechanism> mechanisms) =>
        string.Join(", ", mechanisms.Select(mechanism => Names[(int)mechanism]));

    /// <summary>The kernel with these mechanisms on or off; of two that contradict, the last
    /// counts.</summary>
    public static KernelOptions With(
        this KernelOptions options, IEnumerable<Mechanism> mechanisms) =>
        mechanisms.Aggregate(options, With);

    private static KernelOptions With(KernelOptions options, Mechanism mechanism) =>
        mechanism switch
        {
            Mechanism.Isolation => options with { Isolation = true },
            Mechanism.NoIsolation => options with { Isolation = false },
            Mechanism.TaggedTlb => options with { TaggedTlb = true },
            Mechanism.NoTaggedTlb => options with { TaggedTlb = false },
            Mechanism.FastPath => options with { FastPath = true },
            Mechanism.NoFastPath => options with { FastPath = false },
            Mechanism.SchedulingContexts => options with { SchedulingContexts = true },
            Mechanism.NoSchedulingContexts => options with { SchedulingContexts = false },
            Mechanism.Multiprocessor => options with { IsMultiprocessor = true },
            Mechanism.NoMultiprocessor => options with { IsMultiprocessor = false },
            Mechanism.Hypervisor => options with { IsGuest = true },
            Mechanism.NoHypervisor => options with { IsGuest = false },
            Mechanism.FlushLocal => options with { CacheFlush = CacheFlush.Local },
            Mechanism.FlushFull => options with { CacheFlush = CacheFlush.Full },
            Mechanism.NoFlush => options with { CacheFlush = CacheFlush.None },
            Mechanism.InterceptPtrace =>
                options with { Interception = Interception.Ptrace },
            Mechanism.InterceptSystrap =>
                options with { Interception = Interception.Systrap },
            Mechanism.NoIntercept => options with { Interception = Interception.None },
            Mechanism.Vmfunc => options with { UserCrossing = UserCrossing.Vmfunc },
            Mechanism.ProtectionKeys =>
                options with { UserCrossing = UserCrossing.ProtectionKeys },
            Mechanism.NoGate => options with { UserCrossing = UserCrossing.Ipc },
        };
}
