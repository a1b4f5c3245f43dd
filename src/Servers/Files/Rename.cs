using LibSys;

namespace Servers.Files;

/// <summary>
/// A rename changes up to six blocks. So that no death in between shows a file under two names or
/// none, all that changes is written down first, in the intent block; then carried out; then struck
/// out. A mount that finds an intent carries it out (again: it says how things are afterwards, so
/// doing it twice is doing it once).
/// </summary>
public static class Rename
{
    /// <summary>Writes the intent down, carries it out, strikes it out.</summary>
    public static async ValueTask Do(Volume volume, RenameIntent intent, Activation self)
    {
        await WriteDown(volume, intent, self);
        await CarryOut(volume, intent, self);
        await WriteDown(volume, null, self);
    }

    /// <summary>Strikes out an intent that the disk refused to carry out.</summary>
    public static ValueTask Abandon(Volume volume, Activation self) =>
        WriteDown(volume, null, self);

    /// <summary>Carries out the rename that a death interrupted, if there is one.</summary>
    public static async ValueTask Recover(Volume volume, Activation self)
    {
        var block = await volume.Cache.Get(DiskLayout.IntentBlock, self);
        if (DiskLayout.ReadIntent(block.Bytes) is { } intent)
        {
            await CarryOut(volume, intent, self);
            await WriteDown(volume, null, self);
        }
    }

    private static async ValueTask WriteDown(Volume volume, RenameIntent? intent, Activation self)
    {
        var block = volume.Cache.GetCleared(DiskLayout.IntentBlock);
        DiskLayout.WriteIntent(block.Bytes, intent);
        await volume.Cache.Write(block, self);
    }

    private static async ValueTask CarryOut(Volume volume, RenameIntent intent, Activation self)
    {
        var directories = volume.Directories;
        var from = await volume.Inodes.Pin(intent.OldDirectory, self);
        var to = await volume.Inodes.Pin(intent.NewDirectory, self);

        var target = await directories.Find(to, intent.NewName, self);
        if (target.Inode == 0)
        {
            await directories.Add(to, intent.NewName, intent.Moved, intent.Type, self);
        }
        else if (target.Inode != intent.Moved)
        {
            await directories.Redirect(target, intent.Moved, intent.Type, self);
        }

        var source = await directories.Find(from, intent.OldName, self);
        if (source.Inode == intent.Moved)
        {
            await directories.Remove(source, self);
        }

        if (intent.OldDirectory != intent.NewDirectory
            && intent.Type == Abi.Posix.DirectoryEntry.DT_DIR)
        {
            var moved = await volume.Inodes.Pin(intent.Moved, self);
            var parent = await directories.Find(moved, Directories.Parent, self);
            await directories.Redirect(parent, intent.NewDirectory, intent.Type, self);
            await volume.Release(moved, self);
        }

        await SetLinks(volume, from, intent.OldLinks, self);
        await SetLinks(volume, to, intent.NewLinks, self);
        if (intent.Victim != 0)
        {
            var victim = await volume.Inodes.Pin(intent.Victim, self);
            await SetLinks(volume, victim, intent.VictimLinks, self);
            await volume.Release(victim, self);
        }

        await volume.Release(from, self);
        await volume.Release(to, self);
    }

    private static async ValueTask SetLinks(
        Volume volume, Inode inode, int links, Activation self)
    {
        if (inode.Links != links)
        {
            inode.Links = links;
            await volume.Inodes.Store(inode, self);
        }
    }
}
