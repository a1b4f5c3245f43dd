using LibSys;

namespace Servers.Files;

/// <summary>
/// A lock between the activations of this server: many readers or one writer; a writer that waits
/// keeps new readers out. Taking it when it is free costs no trap.
/// </summary>
/// <param name="released">Advanced when somebody may be waiting for a release.</param>
public sealed class SharedLock(EventCount released)
{
    private int readers;
    private bool hasWriter;
    private int waitingReaders;
    private int waitingWriters;

    /// <summary>Takes it for reading.</summary>
    public ValueTask Share(Activation self) =>
        hasWriter || waitingWriters > 0 ? WaitToShare(self) : Taken(ref readers);

    /// <summary>Gives back what <see cref="Share"/> took.</summary>
    public ValueTask Unshare(Activation self)
    {
        readers--;
        return Wake(self);
    }

    /// <summary>Takes it for writing.</summary>
    public ValueTask Own(Activation self)
    {
        if (hasWriter || readers > 0)
        {
            return WaitToOwn(self);
        }

        hasWriter = true;
        return ValueTask.CompletedTask;
    }

    /// <summary>Gives back what <see cref="Own"/> took.</summary>
    public ValueTask Disown(Activation self)
    {
        hasWriter = false;
        return Wake(self);
    }

    private static ValueTask Taken(ref int count)
    {
        count++;
        return ValueTask.CompletedTask;
    }

    private async ValueTask WaitToShare(Activation self)
    {
        waitingReaders++;
        while (hasWriter || waitingWriters > 0)
        {
            await self.Await(released, released.Value);
        }

        waitingReaders--;
        readers++;
    }

    private async ValueTask WaitToOwn(Activation self)
    {
        waitingWriters++;
        while (hasWriter || readers > 0)
        {
            await self.Await(released, released.Value);
        }

        waitingWriters--;
        hasWriter = true;
    }

    private ValueTask Wake(Activation self) =>
        waitingReaders > 0 || waitingWriters > 0 ? self.Advance(released) : ValueTask.CompletedTask;
}
