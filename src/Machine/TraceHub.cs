using Engine;
using Records;

namespace Machine;

/// <summary>Where trace records go: into the fingerprint, and to whoever watches.</summary>
internal sealed class TraceHub(bool fingerprint, ITraceSink? watcher) : ITraceSink
{
    private readonly Fingerprint hash = new();

    public string Fingerprint => hash.ToString();

    public void Describe(RunDescription run) => watcher?.Describe(run);

    public void Describe(in ThreadDescription thread) => watcher?.Describe(thread);

    public void IsUp(long now) => watcher?.IsUp(now);

    public void Record(in TraceRecord record)
    {
        if (fingerprint)
        {
            hash.Add(record.Time);
            hash.Add(((long)record.Kind << 48) | ((long)(record.Core & 0xffff) << 32)
                | unchecked((uint)record.Thread));
            hash.Add(((long)record.Peer << 32) | unchecked((uint)record.Cause));
            hash.Add(record.Detail);
        }

        watcher?.Record(record);
    }
}
