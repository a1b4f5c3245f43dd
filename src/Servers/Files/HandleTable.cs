using Abi;
using Abi.Kernel;
using Abi.Posix;

namespace Servers.Files;

/// <summary>A file that a client has open.</summary>
/// <param name="Client">Who.</param>
/// <param name="Inode">Which; the handle is a reference to it.</param>
/// <param name="Flags">How it was opened.</param>
public readonly record struct Handle(Badge Client, Inode Inode, OpenFlags Flags)
{
    /// <summary>Whether it was opened for reading.</summary>
    public bool CanRead => (Flags & OpenFlags.O_ACCMODE) != OpenFlags.O_WRONLY;

    /// <summary>Whether it was opened for writing.</summary>
    public bool CanWrite => (Flags & OpenFlags.O_ACCMODE) != OpenFlags.O_RDONLY;
}

/// <summary>
/// Open files by handle. A handle carries the number of this life of the server, so that one from
/// an earlier life is recognised.
/// </summary>
public sealed class HandleTable
{
    private readonly List<Handle> handles = [default];
    private readonly Stack<int> free = new();

    /// <summary>The number of this life; positive.</summary>
    public long Epoch { get; set; }

    /// <summary>Adds an open file; its handle is positive.</summary>
    public long Add(Badge client, Inode inode, OpenFlags flags)
    {
        var handle = new Handle(client, inode, flags);
        if (!free.TryPop(out var index))
        {
            index = handles.Count;
            handles.Add(default);
        }

        handles[index] = handle;
        return (Epoch << 32) | (uint)index;
    }

    /// <summary>
    /// Finds a client's handle: None, ESTALE if it is from an earlier life, EBADF if there is none.
    /// </summary>
    public Errno Find(long number, Badge client, out Handle handle)
    {
        var index = number & uint.MaxValue;
        handle = default;
        if (number >> 32 != Epoch)
        {
            return Errno.ESTALE;
        }

        if (index >= handles.Count || handles[(int)index] is not { Inode: not null } found
            || found.Client != client)
        {
            return Errno.EBADF;
        }

        handle = found;
        return Errno.None;
    }

    /// <summary>The first handle of a client, or null.</summary>
    public long? FindOf(Badge client)
    {
        for (var i = 1; i < handles.Count; i++)
        {
            if (handles[i].Inode is not null && handles[i].Client == client)
            {
                return (Epoch << 32) | (uint)i;
            }
        }

        return null;
    }

    /// <summary>Removes a handle; the reference to its inode becomes the caller's.</summary>
    public void Remove(long number)
    {
        var index = (int)(number & uint.MaxValue);
        handles[index] = default;
        free.Push(index);
    }
}
