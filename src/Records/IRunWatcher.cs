namespace Records;

/// <summary>A component, as the numbers in records name it: by its place in a list.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Domain">The protection domain that the placement gives it.</param>
public sealed record ComponentDescription(string Name, string Domain);

/// <summary>What the numbers in the records of a run stand for.</summary>
/// <param name="FrequencyHertz">The clock of the cores.</param>
/// <param name="Cores">How many cores there are.</param>
/// <param name="Components">
/// The components by number; the last two are "program" and "kernel": code of the processes, and
/// the kernel's own.
/// </param>
/// <param name="Devices">The devices by number: each one's name.</param>
public sealed record RunDescription(
    long FrequencyHertz, int Cores, IReadOnlyList<ComponentDescription> Components,
    IReadOnlyList<string> Devices)
{
    /// <summary>The number of the component "program".</summary>
    public int Program => Components.Count - 2;

    /// <summary>The number of the component "kernel".</summary>
    public int Kernel => Components.Count - 1;
}

/// <summary>A thread. After a panic numbers begin again at 0.</summary>
/// <param name="Index">Its number in records.</param>
/// <param name="Name">Its name.</param>
/// <param name="Component">The component it was made for, or -1: it runs a program.</param>
/// <param name="Process">The number of its process; 0 for a component's.</param>
/// <param name="Core">The core it is bound to.</param>
public readonly record struct ThreadDescription(
    int Index, string Name, int Component, int Process, int Core);

/// <summary>
/// Who reads a run as it goes, and cannot influence it. All times are cycles since the machine was
/// switched on; what a user calls virtual time 0 is when it was up.
/// </summary>
public interface IRunWatcher
{
    /// <summary>What the numbers stand for; before anything else.</summary>
    void Describe(RunDescription run) { }

    /// <summary>A thread was made; before any record names it.</summary>
    void Describe(in ThreadDescription thread) { }

    /// <summary>The machine is up and stands still: virtual time begins at this cycle.</summary>
    void IsUp(long now) { }
}
