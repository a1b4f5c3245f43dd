using Abi;
using Abi.Costs;
using Abi.Posix;
using LibSys;

namespace Servers.Files;

/// <summary>
/// The calls that work on names. Each locks the directories it changes, exclusively, before it
/// looks into them. Locks are taken from the root downwards, and renames one after the other, so no
/// cycle can close. The order of checks is that of Linux (fs/namei.c), since it decides which of
/// two errors a program sees.
/// </summary>
/// <param name="volume">The file system.</param>
/// <param name="walk">Follows paths.</param>
/// <param name="renames">Held by who renames.</param>
public sealed class Names(Volume volume, PathWalk walk, SharedLock renames)
{
    /// <summary>open(): the inode, with a reference to it.</summary>
    public async ValueTask<(Errno Error, Inode Inode)> Open(
        Inode start, ReadOnlyMemory<byte> path, OpenFlags flags, int mode, Activation self)
    {
        self.Work(Part.FileOpen);
        var creates = flags.HasFlag(OpenFlags.O_CREAT);
        if ((flags & OpenFlags.O_ACCMODE) == OpenFlags.O_ACCMODE
            || (creates && flags.HasFlag(OpenFlags.O_DIRECTORY)))
        {
            return (Errno.EINVAL, null!);
        }

        var walked = await walk.Walk(start, path, self);
        if (walked.Error != Errno.None)
        {
            return (walked.Error, null!);
        }

        var isNew = false;
        Errno error;
        Inode inode;
        if (creates && walked.Last == LastComponent.Name)
        {
            (error, inode, isNew) = walked.HasSlash
                ? (Errno.EISDIR, null!, false)
                : await FindOrCreate(walked, mode, self);
        }
        else
        {
            (error, inode) = await walk.Target(walked, self);
        }

        await volume.Release(walked.Directory, self);
        if (error != Errno.None)
        {
            return (error, null!);
        }

        error = MayOpen(inode, flags, isNew);
        if (error == Errno.None && flags.HasFlag(OpenFlags.O_TRUNC) && !isNew)
        {
            error = await Truncate(inode, self);
        }

        if (error != Errno.None)
        {
            await volume.Release(inode, self);
        }

        return (error, inode);
    }

    /// <summary>unlink()</summary>
    public async ValueTask<Errno> Unlink(
        Inode start, ReadOnlyMemory<byte> path, Activation self)
    {
        self.Work(Part.FileChange);
        var walked = await walk.Walk(start, path, self);
        if (walked.Error != Errno.None)
        {
            return walked.Error;
        }

        if (walked.Last != LastComponent.Name)
        {
            await volume.Release(walked.Directory, self);
            return Errno.EISDIR;
        }

        var directory = walked.Directory;
        Inode? victim = null;
        Errno error;
        await directory.Lock.Own(self);
        try
        {
            (error, victim) = await UnlinkLocked(walked, self);
        }
        catch (DiskFailedException failure)
        {
            error = failure.Error;
        }

        await directory.Lock.Disown(self);
        await Release(victim, self);
        await volume.Release(directory, self);
        return error;
    }

    /// <summary>mkdir()</summary>
    public async ValueTask<Errno> MakeDirectory(
        Inode start, ReadOnlyMemory<byte> path, int mode, Activation self)
    {
        self.Work(Part.FileChange);
        var walked = await walk.Walk(start, path, self);
        if (walked.Error != Errno.None)
        {
            return walked.Error;
        }

        var directory = walked.Directory;
        var error = Errno.EEXIST;
        if (walked.Last == LastComponent.Name)
        {
            await directory.Lock.Own(self);
            try
            {
                error = await MakeDirectoryLocked(walked, mode, self);
            }
            catch (DiskFailedException failure)
            {
                directory.IsStale = true;
                error = failure.Error;
            }

            await directory.Lock.Disown(self);
        }

        await volume.Release(directory, self);
        return error;
    }

    /// <summary>rmdir()</summary>
    public async ValueTask<Errno> RemoveDirectory(
        Inode start, ReadOnlyMemory<byte> path, Activation self)
    {
        self.Work(Part.FileChange);
        var walked = await walk.Walk(start, path, self);
        if (walked.Error != Errno.None)
        {
            return walked.Error;
        }

        var directory = walked.Directory;
        var error = walked.Last switch
        {
            LastComponent.Self => Errno.EINVAL,
            LastComponent.Parent => Errno.ENOTEMPTY,
            LastComponent.Root => Errno.EBUSY,
            LastComponent.Name => Errno.None,
        };
        Inode? victim = null;
        if (error == Errno.None)
        {
            await directory.Lock.Own(self);
            try
            {
                (error, victim) = await RemoveDirectoryLocked(walked, self);
            }
            catch (DiskFailedException failure)
            {
                directory.IsStale = true;
                error = failure.Error;
            }

            await directory.Lock.Disown(self);
        }

        await Release(victim, self);
        await volume.Release(directory, self);
        return error;
    }

    /// <summary>rename()</summary>
    public async ValueTask<Errno> Rename(
        Inode oldStart, ReadOnlyMemory<byte> oldPath, Inode newStart, ReadOnlyMemory<byte> newPath,
        Activation self)
    {
        self.Work(Part.FileChange);
        var from = await walk.Walk(oldStart, oldPath, self);
        if (from.Error != Errno.None)
        {
            return from.Error;
        }

        var to = await walk.Walk(newStart, newPath, self);
        if (to.Error != Errno.None)
        {
            await volume.Release(from.Directory, self);
            return to.Error;
        }

        var error = Errno.EBUSY;
        if (from.Last == LastComponent.Name && to.Last == LastComponent.Name)
        {
            await renames.Own(self);
            error = await RenameAlone(from, to, self);
            await renames.Disown(self);
        }

        await volume.Release(from.Directory, self);
        await volume.Release(to.Directory, self);
        return error;
    }

    private async ValueTask<(Errno Error, Inode Inode, bool IsNew)> FindOrCreate(
        WalkedPath walked, int mode, Activation self)
    {
        var directory = walked.Directory;
        (Errno, Inode, bool) result;
        await directory.Lock.Own(self);
        try
        {
            var (number, _) = await walk.FindLocked(directory, walked.Name, self);
            if (number > 0)
            {
                result = (Errno.None, await volume.Inodes.Pin((int)number, self), false);
            }
            else if (number < 0)
            {
                result = ((Errno)(-number), null!, false);
            }
            else
            {
                var (error, created) = await Create(walked, mode, self);
                result = (error, created!, true);
            }
        }
        catch (DiskFailedException failure)
        {
            directory.IsStale = true;
            result = (failure.Error, null!, false);
        }

        await directory.Lock.Disown(self);
        return result;
    }

    /// <summary>
    /// Inode first, then its name: who dies in between loses an inode that nobody knew.
    /// </summary>
    private async ValueTask<(Errno Error, Inode? Inode)> Create(
        WalkedPath walked, int mode, Activation self)
    {
        var directory = walked.Directory;
        if (directory.Links == 0)
        {
            return (Errno.ENOENT, null);
        }

        self.Work(Part.FileChange);
        if (await volume.Directories.EnsureRoom(directory, walked.Name.Length, self) < 0)
        {
            return (Errno.ENOSPC, null);
        }

        var inode = await volume.Inodes.Create(
            ModeBits.S_IFREG | (mode & ModeBits.Permissions), 1, self);
        if (inode is null)
        {
            return (Errno.ENOSPC, null);
        }

        await volume.Inodes.Store(inode, self);
        await volume.Directories.Add(directory, walked.Name, inode.Number, inode.EntryType, self);
        return (Errno.None, inode);
    }

    private static Errno MayOpen(Inode inode, OpenFlags flags, bool isNew)
    {
        var creates = flags.HasFlag(OpenFlags.O_CREAT);
        if (creates && flags.HasFlag(OpenFlags.O_EXCL) && !isNew)
        {
            return Errno.EEXIST;
        }

        if (!inode.IsDirectory)
        {
            return flags.HasFlag(OpenFlags.O_DIRECTORY) ? Errno.ENOTDIR : Errno.None;
        }

        var changes = (flags & OpenFlags.O_ACCMODE) != OpenFlags.O_RDONLY
            || flags.HasFlag(OpenFlags.O_TRUNC);
        return creates || changes ? Errno.EISDIR : Errno.None;
    }

    private async ValueTask<Errno> Truncate(Inode inode, Activation self)
    {
        var error = Errno.None;
        await inode.Lock.Own(self);
        try
        {
            await volume.Content.Empty(inode, self);
        }
        catch (DiskFailedException failure)
        {
            inode.IsStale = true;
            error = failure.Error;
        }

        await inode.Lock.Disown(self);
        return error;
    }

    private async ValueTask<(Errno Error, Inode? Victim)> UnlinkLocked(
        WalkedPath walked, Activation self)
    {
        var (number, found) = await walk.FindLocked(walked.Directory, walked.Name, self);
        if (number <= 0)
        {
            return (number < 0 ? (Errno)(-number) : Errno.ENOENT, null);
        }

        if (found.Type == DirectoryEntry.DT_DIR)
        {
            return (Errno.EISDIR, null);
        }

        if (walked.HasSlash)
        {
            return (Errno.ENOTDIR, null);
        }

        var victim = await volume.Inodes.Pin((int)number, self);
        await volume.Directories.Remove(found, self);
        victim.Links--;
        await volume.Inodes.Store(victim, self);
        return (Errno.None, victim);
    }

    private async ValueTask<Errno> MakeDirectoryLocked(
        WalkedPath walked, int mode, Activation self)
    {
        var directory = walked.Directory;
        var (number, _) = await walk.FindLocked(directory, walked.Name, self);
        if (number != 0)
        {
            return number < 0 ? (Errno)(-number) : Errno.EEXIST;
        }

        if (directory.Links == 0)
        {
            return Errno.ENOENT;
        }

        if (await volume.Directories.EnsureRoom(directory, walked.Name.Length, self) < 0)
        {
            return Errno.ENOSPC;
        }

        var made = await volume.Inodes.Create(
            ModeBits.S_IFDIR | (mode & ModeBits.Permissions), 2, self);
        if (made is null)
        {
            return Errno.ENOSPC;
        }

        var error = Errno.ENOSPC;
        if (await volume.Directories.Begin(made, directory.Number, self) < 0)
        {
            made.Links = 0;
        }
        else
        {
            // The link that ".." is, before the name: a death in between leaves one link too many,
            // which is harmless.
            directory.Links++;
            await volume.Inodes.Store(directory, self);
            await volume.Directories.Add(
                directory, walked.Name, made.Number, made.EntryType, self);
            error = Errno.None;
        }

        await volume.Release(made, self);
        return error;
    }

    private async ValueTask<(Errno Error, Inode? Victim)> RemoveDirectoryLocked(
        WalkedPath walked, Activation self)
    {
        var directory = walked.Directory;
        var (number, found) = await walk.FindLocked(directory, walked.Name, self);
        if (number <= 0)
        {
            return (number < 0 ? (Errno)(-number) : Errno.ENOENT, null);
        }

        if (found.Type != DirectoryEntry.DT_DIR)
        {
            return (Errno.ENOTDIR, null);
        }

        var victim = await volume.Inodes.Pin((int)number, self);
        var error = Errno.ENOTEMPTY;
        await victim.Lock.Own(self);
        try
        {
            if (await volume.Directories.IsEmpty(victim, self))
            {
                await volume.Directories.Remove(found, self);
                victim.Links = 0;
                await volume.Inodes.Store(victim, self);
                directory.Links--;
                await volume.Inodes.Store(directory, self);
                error = Errno.None;
            }
        }
        catch (DiskFailedException failure)
        {
            (directory.IsStale, victim.IsStale) = (true, true);
            error = failure.Error;
        }

        await victim.Lock.Disown(self);
        return (error, victim);
    }

    /// <summary>Locks the directories of a rename, the upper one first, and renames.</summary>
    private async ValueTask<Errno> RenameAlone(WalkedPath from, WalkedPath to, Activation self)
    {
        var (first, second) = (from.Directory, to.Directory);
        Errno error;
        try
        {
            if (first != second && (await IsAbove(second, first, self)
                || (!await IsAbove(first, second, self) && second.Number < first.Number)))
            {
                (first, second) = (second, first);
            }
        }
        catch (DiskFailedException failure)
        {
            return failure.Error;
        }

        await first.Lock.Own(self);
        if (first != second)
        {
            await second.Lock.Own(self);
        }

        try
        {
            error = await RenameLocked(from, to, self);
        }
        catch (DiskFailedException failure)
        {
            (first.IsStale, second.IsStale) = (true, true);
            error = failure.Error;
        }

        if (first != second)
        {
            await second.Lock.Disown(self);
        }

        await first.Lock.Disown(self);
        return error;
    }

    private async ValueTask<Errno> RenameLocked(WalkedPath from, WalkedPath to, Activation self)
    {
        var (oldNumber, source) = await walk.FindLocked(from.Directory, from.Name, self);
        if (oldNumber <= 0)
        {
            return oldNumber < 0 ? (Errno)(-oldNumber) : Errno.ENOENT;
        }

        var (newNumber, target) = await walk.FindLocked(to.Directory, to.Name, self);
        if (newNumber < 0)
        {
            return (Errno)(-newNumber);
        }

        var moved = await volume.Inodes.Pin(source.Inode, self);
        var victim = target.Inode == 0 ? null : await volume.Inodes.Pin(target.Inode, self);
        var error = await MayRename(from, to, moved, victim, self);
        if (error == Errno.None && moved != victim)
        {
            error = victim is { IsDirectory: true }
                ? await ReplaceDirectory(from, to, moved, victim, self)
                : await Move(from, to, moved, victim, self);
        }

        await volume.Release(moved, self);
        await Release(victim, self);
        return error;
    }

    private async ValueTask<Errno> MayRename(
        WalkedPath from, WalkedPath to, Inode moved, Inode? victim, Activation self)
    {
        if (!moved.IsDirectory && (from.HasSlash || to.HasSlash))
        {
            return Errno.ENOTDIR;
        }

        if (moved.IsDirectory && await IsAbove(moved, to.Directory, self))
        {
            return Errno.EINVAL;
        }

        if (victim is { IsDirectory: true } && await IsAbove(victim, from.Directory, self))
        {
            return Errno.ENOTEMPTY;
        }

        if (victim is null)
        {
            return to.Directory.Links == 0 ? Errno.ENOENT : Errno.None;
        }

        return (moved.IsDirectory, victim.IsDirectory) switch
        {
            (true, false) => Errno.ENOTDIR,
            (false, true) => Errno.EISDIR,
            _ => Errno.None,
        };
    }

    private async ValueTask<Errno> ReplaceDirectory(
        WalkedPath from, WalkedPath to, Inode moved, Inode victim, Activation self)
    {
        Errno error;
        await victim.Lock.Own(self);
        try
        {
            error = await volume.Directories.IsEmpty(victim, self)
                ? await Move(from, to, moved, victim, self)
                : Errno.ENOTEMPTY;
        }
        catch (DiskFailedException failure)
        {
            victim.IsStale = true;
            error = failure.Error;
        }

        await victim.Lock.Disown(self);
        return error;
    }

    private async ValueTask<Errno> Move(
        WalkedPath from, WalkedPath to, Inode moved, Inode? victim, Activation self)
    {
        if (victim is null
            && await volume.Directories.EnsureRoom(to.Directory, to.Name.Length, self) < 0)
        {
            return Errno.ENOSPC;
        }

        var crosses = moved.IsDirectory && from.Directory != to.Directory ? 1 : 0;
        var replaces = victim is { IsDirectory: true } ? 1 : 0;
        var isSame = from.Directory == to.Directory;
        var newLinks = to.Directory.Links + crosses - replaces;
        var oldLinks = isSame ? newLinks : from.Directory.Links - crosses;
        var intent = new RenameIntent(
            moved.Number, moved.EntryType, from.Directory.Number, oldLinks, to.Directory.Number,
            newLinks, victim?.Number ?? 0, victim is null || replaces == 1 ? 0 : victim.Links - 1,
            from.Name, to.Name);
        try
        {
            await Files.Rename.Do(volume, intent, self);
        }
        catch (DiskFailedException)
        {
            await Files.Rename.Abandon(volume, self);
            throw;
        }

        return Errno.None;
    }

    /// <summary>Whether a directory is another one or lies on its way up to the root.</summary>
    private async ValueTask<bool> IsAbove(Inode upper, Inode lower, Activation self)
    {
        var number = lower.Number;
        while (number != upper.Number)
        {
            if (number == DiskLayout.RootInode)
            {
                return false;
            }

            // Of a removed directory, whose ".." means nothing, no one is above.
            var directory = await volume.Inodes.Pin(number, self);
            var parent = directory.Links == 0
                ? default
                : await volume.Directories.Find(directory, Directories.Parent, self);
            await volume.Release(directory, self);
            if (parent.Inode == 0)
            {
                return false;
            }

            number = parent.Inode;
        }

        return true;
    }

    private ValueTask Release(Inode? inode, Activation self) =>
        inode is null ? ValueTask.CompletedTask : volume.Release(inode, self);
}
