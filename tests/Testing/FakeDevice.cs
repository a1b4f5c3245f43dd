using Abi;
using Abi.Devices;
using Abi.Units;

namespace Testing;

/// <summary>
/// A device of a component under <see cref="DirectGate"/>; requests finish by time, then by order.
/// </summary>
public abstract class FakeDevice
{
    /// <summary>Finished within Submit, without an interrupt, as the console is.</summary>
    public virtual bool IsImmediate => false;

    /// <summary>
    /// Takes over a request whose end nobody can tell yet, a buffer for what may arrive; the device
    /// calls <paramref name="finish"/> then. By default it takes over none.
    /// </summary>
    public virtual bool Keeps(in DeviceRequest request, Action finish) => false;

    /// <summary>How long the request takes that is handed over at <paramref name="now"/>.</summary>
    public abstract Cycles Service(in DeviceRequest request, VirtualTime now);

    /// <summary>
    /// Does the request at the instant it finishes. <paramref name="memory"/> is the request's own
    /// memory, or what the lease names if it is not revoked; of a revoked lease the device is never
    /// asked.
    /// </summary>
    public abstract DeviceCompletion Perform(in DeviceRequest request, Memory<byte> memory);

    /// <summary>
    /// A request came to its end without being done: its memory is no longer lent.
    /// </summary>
    public virtual void Stop(in DeviceRequest request) { }
}

/// <summary>A disk that takes the same time for each request.</summary>
/// <param name="store">What is on it.</param>
/// <param name="service">Time for one request, cycles.</param>
public sealed class FakeDisk(ISectorStore store, long service = 100) : FakeDevice
{
    /// <summary>What is on the disk.</summary>
    public ISectorStore Store { get; set; } = store;

    /// <summary>The time that each request takes; by default the same for all.</summary>
    public Func<DeviceRequest, long> Duration { get; set; } = _ => service;

    /// <summary>Decides whether a request fails; None: it does not.</summary>
    public Func<DeviceRequest, Errno> Fails { get; set; } = _ => Errno.None;

    /// <summary>Runs before each request is done.</summary>
    public Action<DeviceRequest>? Observe { get; set; }

    /// <summary>How many reads were done.</summary>
    public int Reads { get; private set; }

    /// <summary>How many writes were done.</summary>
    public int Writes { get; private set; }

    /// <summary>Requests handed over and not yet done.</summary>
    public int Outstanding { get; private set; }

    /// <summary>The most requests that were outstanding at once.</summary>
    public int MostOutstanding { get; private set; }

    /// <inheritdoc/>
    public override Cycles Service(in DeviceRequest request, VirtualTime now)
    {
        MostOutstanding = Math.Max(MostOutstanding, ++Outstanding);
        return new Cycles(Duration(request));
    }

    /// <inheritdoc/>
    public override void Stop(in DeviceRequest request) => Outstanding--;

    /// <inheritdoc/>
    public override DeviceCompletion Perform(in DeviceRequest request, Memory<byte> memory)
    {
        Outstanding--;
        Observe?.Invoke(request);
        var error = Fails(request);
        if (error != Errno.None)
        {
            return new DeviceCompletion(request.Tag, error, 0);
        }

        if (request.Operation == DeviceOperation.ReadSectors)
        {
            Reads++;
            Store.Read(request.Sector, memory.Span);
        }
        else if (request.Operation == DeviceOperation.WriteSectors)
        {
            Writes++;
            Store.Write(request.Sector, memory.Span);
        }
        else
        {
            throw new InvalidOperationException("a disk does not know " + request.Operation);
        }

        return new DeviceCompletion(request.Tag, Errno.None, memory.Length);
    }
}

/// <summary>A console that keeps what was printed.</summary>
public sealed class FakeConsole : FakeDevice
{
    private readonly List<byte> printed = [];

    /// <summary>Everything printed so far, as UTF-8.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(printed.ToArray());

    /// <inheritdoc/>
    public override bool IsImmediate => true;

    /// <inheritdoc/>
    public override Cycles Service(in DeviceRequest request, VirtualTime now) => Cycles.Zero;

    /// <inheritdoc/>
    public override DeviceCompletion Perform(in DeviceRequest request, Memory<byte> memory)
    {
        printed.AddRange(memory.Span);
        return new DeviceCompletion(request.Tag, Errno.None, memory.Length);
    }
}
