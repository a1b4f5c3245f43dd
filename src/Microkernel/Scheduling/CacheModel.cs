namespace Microkernel.Scheduling;

/// <summary>
/// What a core's own cache has lost of a domain when it runs again: of the lines that all others
/// fetched meanwhile, those beyond the cache's size displaced lines of this domain. A model of
/// capacity only: no sets, no sharing, the whole working set touched whenever the domain runs.
/// </summary>
internal sealed class CacheModel
{
    private readonly Dictionary<int, long> fetchedWhenLeft = [];
    private long fetched;

    /// <summary>A domain runs on the core from now on; the lines it has to fetch again.</summary>
    /// <param name="domain">Its number.</param>
    /// <param name="lines">Its working set.</param>
    /// <param name="capacity">The cache's size, lines.</param>
    public long Enter(int domain, int lines, int capacity)
    {
        var others = fetchedWhenLeft.TryGetValue(domain, out var then)
            ? fetched - then
            : capacity;
        var lost = Math.Clamp(lines + others - capacity, 0, Math.Min(lines, capacity));
        fetched += lines;
        fetchedWhenLeft[domain] = fetched;
        return lost;
    }
}
