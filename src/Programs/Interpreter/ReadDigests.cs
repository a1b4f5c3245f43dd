using System.Security.Cryptography;

namespace Programs.Interpreter;

/// <summary>SHA-256 of what read() delivered, for each descriptor since it was opened.</summary>
internal sealed class ReadDigests
{
    private readonly List<Entry?> entries = [];

    private sealed class Entry(string path)
    {
        public string Path { get; } = path;
        public IncrementalHash Hash { get; } = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        public long Bytes { get; set; }
    }

    /// <summary>A descriptor was opened: its digest starts anew.</summary>
    public void Opened(long descriptor, string path)
    {
        if (descriptor >= 0)
        {
            while (entries.Count <= descriptor)
            {
                entries.Add(null);
            }

            entries[(int)descriptor]?.Hash.Dispose();
            entries[(int)descriptor] = new Entry(path);
        }
    }

    /// <summary>read() delivered these bytes.</summary>
    public void Delivered(long descriptor, ReadOnlySpan<byte> bytes)
    {
        if (Find(descriptor) is { } entry)
        {
            entry.Hash.AppendData(bytes);
            entry.Bytes += bytes.Length;
        }
    }

    /// <summary>
    /// Tells the digest so far; false if the descriptor was not opened by its path.
    /// </summary>
    public bool Report(long descriptor, IProgramObserver? observer)
    {
        if (Find(descriptor) is not { } entry)
        {
            return false;
        }

        observer?.FileDigested(
            entry.Path, entry.Bytes, Convert.ToHexStringLower(entry.Hash.GetCurrentHash()));
        return true;
    }

    private Entry? Find(long descriptor) =>
        descriptor >= 0 && descriptor < entries.Count ? entries[(int)descriptor] : null;
}
