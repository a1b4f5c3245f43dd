using Abi.Costs;
using LibSys;

namespace Servers.Files;

/// <summary>A mounted file system: its parts, and the life of inodes.</summary>
public sealed class Volume
{
    private readonly DiskLayout layout;

    private Volume(
        DiskLayout layout, int mounts, BlockCache cache, Func<Cause, EventCount> newEventCount)
    {
        this.layout = layout;
        Mounts = mounts;
        Cache = cache;
        Blocks = new Bitmap(cache, layout.BlockBitmap, layout.BlockBitmapLength);
        InodeBits = new Bitmap(cache, layout.InodeBitmap, layout.InodeBitmapLength);
        Inodes = new InodeTable(layout, cache, InodeBits, newEventCount);
        Content = new FileContent(cache, Blocks, Inodes);
        Directories = new Directories(cache, Content);
    }

    /// <summary>How often it was mounted, this time included.</summary>
    public int Mounts { get; }

    /// <summary>The disk.</summary>
    public BlockCache Cache { get; }

    /// <summary>Which blocks are in use.</summary>
    public Bitmap Blocks { get; }

    /// <summary>The inodes in memory.</summary>
    public InodeTable Inodes { get; }

    /// <summary>The bytes of files.</summary>
    public FileContent Content { get; }

    /// <summary>The names in directories.</summary>
    public Directories Directories { get; }

    /// <summary>The root directory; always in memory.</summary>
    public Inode Root { get; private set; } = null!;

    /// <summary>Blocks on the disk.</summary>
    public int BlockCount => layout.BlockCount;

    /// <summary>Inodes on the disk.</summary>
    public int InodeCount => layout.InodeCount;

    private Bitmap InodeBits { get; }

    /// <summary>
    /// Mounts the file system on the disk, and carries out again what a death interrupted.
    /// </summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public static async ValueTask<Volume> Mount(
        BlockCache cache, Func<Cause, EventCount> newEventCount, Activation self)
    {
        var superblock = await cache.Get(DiskLayout.Superblock, self);
        var (layout, mounts) = DiskLayout.ReadSuperblock(superblock.Bytes)
            ?? throw new InvalidDataException("there is no file system on the disk");
        layout.WriteSuperblock(superblock.Bytes, mounts + 1);
        await cache.Write(superblock, self);

        var volume = new Volume(layout, mounts + 1, cache, newEventCount);
        await volume.Blocks.Load(self);
        await volume.InodeBits.Load(self);
        volume.Root = await volume.Inodes.Pin(DiskLayout.RootInode, self);
        await Rename.Recover(volume, self);
        return volume;
    }

    /// <summary>
    /// Ends a use of an inode. With the last use of a file that has no name any more, its blocks
    /// and number become free.
    /// </summary>
    public ValueTask Release(Inode inode, Activation self)
    {
        if (--inode.References > 0)
        {
            return ValueTask.CompletedTask;
        }

        if (inode.Links > 0 || inode.Mode == 0)
        {
            Inodes.Forget(inode);
            return ValueTask.CompletedTask;
        }

        return Free(inode, self);
    }

    private async ValueTask Free(Inode inode, Activation self)
    {
        // Still referred to, so that who asks for it by number meanwhile finds it, and finds it
        // free.
        inode.References = 1;
        var (number, pointers) = (inode.Number, inode.Pointers.ToArray());
        inode.Mode = 0;
        InodeTable.Clear(inode);
        try
        {
            await Inodes.Store(inode, self);
            await Content.GiveBack(pointers, self);
        }
        catch (DiskFailedException)
        {
            // What could not be given back is lost until the disk is formatted; nobody can be told.
        }

        inode.References--;
        Inodes.Forget(inode);
        try
        {
            await Inodes.GiveBack(number, self);
        }
        catch (DiskFailedException)
        {
        }
    }
}
