using System.Runtime.CompilerServices;
using Abi;
using Abi.Costs;
using LibSys;
using LibSys.Protocols;

namespace Servers.Files;

/// <summary>What the last component of a path is.</summary>
public enum LastComponent
{
    /// <summary>A name.</summary>
    Name,
    /// <summary>".", that is the directory itself.</summary>
    Self,
    /// <summary>"..".</summary>
    Parent,
    /// <summary>There is none: the path is "/".</summary>
    Root,
}

/// <summary>Where a path leads, up to its last component.</summary>
/// <param name="Error">Why it leads nowhere, or None.</param>
/// <param name="Directory">
/// The directory of the last component; the receiver has a reference to it.
/// </param>
/// <param name="Last">What the last component is.</param>
/// <param name="Name">Its bytes.</param>
/// <param name="HasSlash">Whether a slash follows it, so that it can only be a directory.</param>
public readonly record struct WalkedPath(
    Errno Error, Inode Directory, LastComponent Last, ReadOnlyMemory<byte> Name, bool HasSlash);

/// <summary>Follows paths, as Linux does (fs/namei.c, link_path_walk), without links.</summary>
/// <param name="volume">The file system.</param>
public sealed class PathWalk(Volume volume)
{
    private const byte Slash = (byte)'/';

    /// <summary>Follows a path up to its last component.</summary>
    /// <param name="start">Where relative paths start; the caller has a reference to it.</param>
    /// <param name="path">The path's bytes.</param>
    /// <param name="self">The activation.</param>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<WalkedPath> Walk(
        Inode start, ReadOnlyMemory<byte> path, Activation self)
    {
        if (path.IsEmpty)
        {
            return Fail(Errno.ENOENT);
        }

        if (path.Length > FileProtocol.PathLimit)
        {
            return Fail(Errno.ENAMETOOLONG);
        }

        var isAbsolute = path.Span[0] == Slash;
        var current = isAbsolute ? volume.Root : start;
        if (!current.IsDirectory)
        {
            return Fail(Errno.ENOTDIR);
        }

        current.References++;
        path = SkipSlashes(path);
        if (path.IsEmpty)
        {
            return new WalkedPath(Errno.None, current, LastComponent.Root, path, HasSlash: true);
        }

        while (true)
        {
            var length = path.Span.IndexOf(Slash);
            var name = length < 0 ? path : path[..length];
            var rest = length < 0 ? default : SkipSlashes(path[length..]);
            if (rest.IsEmpty)
            {
                self.Work(Part.PathComponent);
                return new WalkedPath(Errno.None, current, KindOf(name), name, length >= 0);
            }

            var (error, next) = await Step(current, name, self);
            await volume.Release(current, self);
            if (error != Errno.None)
            {
                return Fail(error);
            }

            current = next;
            path = rest;
        }
    }

    /// <summary>
    /// What a walked path names, with a reference to it, or ENOENT, ENOTDIR, ENAMETOOLONG. The
    /// reference to the directory stays the caller's.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<(Errno Error, Inode Inode)> Target(WalkedPath walked, Activation self)
    {
        if (walked.Last is LastComponent.Self or LastComponent.Root)
        {
            walked.Directory.References++;
            return (Errno.None, walked.Directory);
        }

        var (error, inode) = await Lookup(walked.Directory, walked.Name, self);
        if (error == Errno.None && walked.HasSlash && !inode.IsDirectory)
        {
            await volume.Release(inode, self);
            return (Errno.ENOTDIR, null!);
        }

        return (error, inode);
    }

    /// <summary>
    /// Finds a name in a directory that the caller has locked; the inode's number or 0, or
    /// ENAMETOOLONG negated.
    /// </summary>
    public async ValueTask<(long Number, FoundName Found)> FindLocked(
        Inode directory, ReadOnlyMemory<byte> name, Activation self)
    {
        if (name.Length > FileProtocol.NameLimit)
        {
            return (-(long)Errno.ENAMETOOLONG, default);
        }

        // A removed directory has no names: its ".." may be another directory by now.
        var found = directory.Links == 0
            ? default
            : await volume.Directories.Find(directory, name, self);
        return (found.Inode, found);
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<(Errno Error, Inode Inode)> Step(
        Inode directory, ReadOnlyMemory<byte> name, Activation self)
    {
        self.Work(Part.PathComponent);
        if (KindOf(name) == LastComponent.Self)
        {
            directory.References++;
            return (Errno.None, directory);
        }

        var (error, inode) = await Lookup(directory, name, self);
        if (error == Errno.None && !inode.IsDirectory)
        {
            await volume.Release(inode, self);
            return (Errno.ENOTDIR, null!);
        }

        return (error, inode);
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<(Errno Error, Inode Inode)> Lookup(
        Inode directory, ReadOnlyMemory<byte> name, Activation self)
    {
        var error = Errno.None;
        Inode inode = null!;
        await directory.Lock.Share(self);
        try
        {
            var (number, _) = await FindLocked(directory, name, self);
            if (number > 0)
            {
                inode = await volume.Inodes.Pin((int)number, self);
            }
            else
            {
                error = number < 0 ? (Errno)(-number) : Errno.ENOENT;
            }
        }
        catch (DiskFailedException failure)
        {
            error = failure.Error;
        }

        await directory.Lock.Unshare(self);
        return (error, inode);
    }

    private static LastComponent KindOf(ReadOnlyMemory<byte> name) => name.Span switch
    {
        [(byte)'.'] => LastComponent.Self,
        [(byte)'.', (byte)'.'] => LastComponent.Parent,
        _ => LastComponent.Name,
    };

    private static ReadOnlyMemory<byte> SkipSlashes(ReadOnlyMemory<byte> path)
    {
        var count = path.Span.IndexOfAnyExcept(Slash);
        return count < 0 ? default : path[count..];
    }

    private static WalkedPath Fail(Errno error) =>
        new(error, null!, LastComponent.Name, default, HasSlash: false);
}
