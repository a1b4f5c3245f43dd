using Abi;
using Abi.Devices;
using Abi.Kernel;

namespace Testing;

// Devices and their interrupts.
public sealed partial class DirectGate
{
    internal void Submit(Incarnation driver, int device, DeviceRequest request)
    {
        if (device < 0 || device >= driver.Of.Devices.Count)
        {
            throw new InvalidOperationException("the device is not mapped here");
        }

        var model = driver.Of.Devices[device];
        if (model.Keeps(request, Finish))
        {
            return;
        }

        var service = model.Service(request, Now);
        if (model.IsImmediate)
        {
            Complete(driver, device, request);
        }
        else
        {
            At(Now + service, Finish);
        }

        void Finish()
        {
            Complete(driver, device, request);
            Interrupt(driver, device);
        }
    }

    private void Complete(Incarnation driver, int device, in DeviceRequest request)
    {
        var memory = request.Memory;
        var isRevoked = driver.IsDead;
        if (request.Lease != Lease.None)
        {
            isRevoked |= !pending.TryGetValue(request.Lease.Sequence, out var call);
            memory = call?.Lent ?? default;
        }

        var model = driver.Of.Devices[device];
        if (isRevoked)
        {
            model.Stop(request);
            driver.Completions[device].Enqueue(
                new DeviceCompletion(request.Tag, Errno.EIO, 0));
        }
        else
        {
            driver.Completions[device].Enqueue(model.Perform(request, memory));
        }
    }

    private static void Interrupt(Incarnation driver, int device)
    {
        if (driver.IsMasked[device])
        {
            driver.IsPending[device] = true;
            return;
        }

        driver.IsMasked[device] = true;
        driver.Interrupt.Signal(1L << device);
    }

    private static void Unmask(Incarnation driver, int device)
    {
        driver.IsMasked[device] = false;
        if (driver.IsPending[device])
        {
            driver.IsPending[device] = false;
            Interrupt(driver, device);
        }
    }
}
