using Abi;
using Abi.Devices;
using Abi.Units;
using Engine;
using Microkernel.Objects;
using Records;

namespace Machine.Devices;

/// <summary>
/// What a device's actor and its driver share: the queue of completions in memory, and the times of
/// the
/// requests that finished, oldest first.
/// </summary>
internal sealed class DevicePort(int number, DeviceModel model, string owner)
{
    public int Number { get; } = number;

    public DeviceModel Model { get; } = model;

    /// <summary>The component it is mapped into.</summary>
    public string Owner { get; } = owner;

    public Queue<DeviceCompletion> Completions { get; } = [];

    /// <summary>Requests that finished since the last interrupt.</summary>
    public Queue<DeviceWait> Finished { get; } = [];

    public int Epoch { get; private set; }

    public Port? Actor { get; set; }

    public InterruptLine? Line { get; set; }

    /// <summary>The driver died: nothing of what it asked for reaches the next one.</summary>
    public void Reset()
    {
        Epoch++;
        Completions.Clear();
        Finished.Clear();
        Model.Reset();
    }
}

/// <summary>A device: one actor that takes requests and raises its interrupt line.</summary>
internal sealed class DeviceActor : SimulatedActor, IDeviceBus
{
    private readonly DevicePort device;
    private readonly Hardware hardware;

    public DeviceActor(DevicePort device, Hardware hardware)
    {
        this.device = device;
        this.hardware = hardware;
        device.Actor = Port;
    }

    public Frequency Clock => hardware.Options.Profile.Frequency;

    protected override void Handle(object message)
    {
        if (message is Arrival { Command: var command })
        {
            device.Model.Submit(command, Engine.Now, this);
        }
        else if (message is Alarm { What: var what })
        {
            device.Model.Wake(what, Engine.Now, this);
        }
    }

    public void WakeAt(VirtualTime at, object what) => Engine.PostAt(
        Port, new Alarm(what), Math.Max(at.Cycles, Engine.NowCycles), EventClass.Device,
        device.Number);

    public void Begins(DeviceCommand command)
    {
        command.Wait.Began = Engine.NowCycles;
        hardware.Kernel.Counts[(int)Counter.DeviceRequests]++;
        hardware.Trace.Record(new TraceRecord(
            Engine.NowCycles, TraceKind.DeviceBegan, -1, command.Wait.Thread.Index, device.Number,
            Abi.Costs.Cause.DeviceService, command.Request.Tag));
    }

    public Memory<byte>? Dma(DeviceCommand command)
    {
        if (command.Epoch != device.Epoch)
        {
            return null;
        }

        return hardware.IsDmaAllowed(command) ? command.Memory : null;
    }

    public void Finishes(DeviceCommand command, Errno error, int count)
    {
        command.Wait.Finished = Engine.NowCycles;
        hardware.Kernel.Bill.Work.ChargeDevice(
            command.Wait.Call, device.Line!.Owner.Index, Engine.NowCycles - command.Wait.Began);
        hardware.Trace.Record(new TraceRecord(
            Engine.NowCycles, TraceKind.DeviceFinished, -1,
            command.Wait.Thread.Index, device.Number,
            Abi.Costs.Cause.DeviceService, command.Request.Tag));
        if (command.Epoch != device.Epoch)
        {
            return;
        }

        device.Completions.Enqueue(new DeviceCompletion(command.Request.Tag, error, count));
        if (!device.Model.IsImmediate)
        {
            device.Finished.Enqueue(command.Wait);
            var latency = hardware.Options.Profile.InterruptLatency.Count;
            Engine.PostAt(
                hardware.KernelPort, device, Engine.NowCycles + latency, EventClass.Device,
                device.Number);
        }
    }

    /// <summary>A request on its way to the device.</summary>
    internal sealed record Arrival(DeviceCommand Command);

    private sealed record Alarm(object What);
}

/// <summary>Completes requests of immediate devices within the instruction.</summary>
internal sealed class ImmediateBus(DevicePort device, Frequency clock) : IDeviceBus
{
    public Frequency Clock => clock;

    public void WakeAt(VirtualTime at, object what) =>
        throw new InvalidOperationException("an immediate device does not wait");

    public void Begins(DeviceCommand command) { }

    public Memory<byte>? Dma(DeviceCommand command) => command.Memory;

    public void Finishes(DeviceCommand command, Errno error, int count) =>
        device.Completions.Enqueue(new DeviceCompletion(command.Request.Tag, error, count));
}
