namespace Microkernel.Objects;

/// <summary>
/// What a domain's code and data occupy while it runs: what a flush of the translation buffer or
/// another domain's use of the cache can take from it.
/// </summary>
/// <param name="Pages">Entries of the translation buffer; not negative.</param>
/// <param name="Lines">Lines of 64 bytes of the core's own cache; not negative.</param>
public readonly record struct WorkingSet(int Pages, int Lines)
{
    /// <summary>
    /// Of a domain whose scenario says nothing: a stack page, two of data and five of code, and no
    /// lines, so that caches are left out unless a scenario asks for them. No published figure.
    /// </summary>
    public static WorkingSet Default => new(8, 0);

    /// <summary>Of both together.</summary>
    public static WorkingSet operator +(WorkingSet left, WorkingSet right) =>
        new(left.Pages + right.Pages, left.Lines + right.Lines);
}
