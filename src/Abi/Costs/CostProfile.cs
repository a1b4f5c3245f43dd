using Abi.Units;

namespace Abi.Costs;

/// <summary>
/// One processor's prices: cycles for each <see cref="Part"/>, the limits that decide between
/// paths, and
/// delays. Built from a profile file, where each entry has unit and source.
/// </summary>
public sealed class CostProfile
{
    private readonly long[] prices = new long[Parts.Count];

    /// <summary>A profile with all prices 0 but those of the counted cycles, which are 1.</summary>
    public CostProfile(string name, Frequency frequency)
    {
        Name = name;
        Frequency = frequency;
        prices[(int)Part.ProgramCycle] = 1;
        prices[(int)Part.SpinCycle] = 1;
        prices[(int)Part.AbandonedCycle] = 1;
        prices[(int)Part.HandlerCycle] = 1;
    }

    /// <summary>The profile's name, as in its file.</summary>
    public string Name { get; }

    /// <summary>The clock of its cores.</summary>
    public Frequency Frequency { get; }

    /// <summary>Cycles that one <paramref name="part"/> takes; not negative.</summary>
    public long this[Part part]
    {
        get => prices[(int)part];
        init => prices[(int)part] = value;
    }

    /// <summary>The most message words that registers carry, so that the fast path
    /// applies.</summary>
    public int MessageRegisters { get; init; } = 4;

    /// <summary>Entries of the translation buffer: the most that a flush can lose.</summary>
    public int TlbEntries { get; init; } = 1024;

    /// <summary>Lines of 64 bytes that a core's own cache holds.</summary>
    public int CacheLines { get; init; } = 512;

    /// <summary>From sending an inter-processor interrupt to its arrival.</summary>
    public Cycles InterprocessorLatency { get; init; }

    /// <summary>From a device raising its line to the core seeing it.</summary>
    public Cycles InterruptLatency { get; init; }

    /// <summary>A network device's moderation: it interrupts for received frames no sooner than
    /// this after it last did.</summary>
    public Cycles InterruptCoalescing { get; init; }

    /// <summary>A thread's round-robin quantum.</summary>
    public Cycles Quantum { get; init; }

    /// <summary>Loading and starting a component's next incarnation.</summary>
    public Cycles ComponentStart { get; init; }

    /// <summary>From a kernel panic to the machine running again.</summary>
    public Cycles Reboot { get; init; }

    /// <summary>Sets a price; for profile loaders and tests.</summary>
    public CostProfile With(Part part, long cycles)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cycles);
        prices[(int)part] = cycles;
        return this;
    }

    /// <summary>The same prices with other delays, where they are given.</summary>
    public CostProfile WithDelays(
        Cycles? quantum = null, Cycles? componentStart = null, Cycles? reboot = null,
        Cycles? interprocessorLatency = null, Cycles? interruptLatency = null)
    {
        var copy = new CostProfile(Name, Frequency)
        {
            MessageRegisters = MessageRegisters,
            TlbEntries = TlbEntries,
            CacheLines = CacheLines,
            InterprocessorLatency = interprocessorLatency ?? InterprocessorLatency,
            InterruptLatency = interruptLatency ?? InterruptLatency,
            InterruptCoalescing = InterruptCoalescing,
            Quantum = quantum ?? Quantum,
            ComponentStart = componentStart ?? ComponentStart,
            Reboot = reboot ?? Reboot,
        };
        prices.CopyTo(copy.prices, 0);
        return copy;
    }
}
