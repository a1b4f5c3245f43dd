using Abi;
using Abi.Kernel;
using Microkernel.Objects;
using Microkernel.Scheduling;
using Records;

namespace Microkernel;

/// <summary>Looking capabilities up, and the calls that copy, badge, move, revoke and delete
/// them.</summary>
public sealed partial class Kernel
{
    /// <summary>What a slot of the domain whose code the thread runs holds; fixed slots are the
    /// component's.</summary>
    private static Capability? Find(Tcb thread, CapSlot slot)
    {
        if (slot.Index is > 1 and < CapabilitySpace.FirstFree && thread.Component is { } component)
        {
            return component.FixedSlots[slot.Index];
        }

        return thread.Domain.Capabilities[slot];
    }

    /// <summary>The object of the invoked capability if it is of this kind, fresh and grants the
    /// right; else sets the error.</summary>
    private T? FindObject<T>(Tcb thread, Rights needed, out Capability? capability)
        where T : KernelObject
    {
        capability = Find(thread, thread.Registers.Capability);
        if (capability is null || capability.Target is not T target)
        {
            SetError(thread, Errno.EBADF);
            return null;
        }

        if (capability.IsStale)
        {
            Count(Counter.StaleCapabilities);
            thread.Registers.Arg0 = 1;
            SetError(thread, Errno.EOWNERDEAD);
            return null;
        }

        if ((capability.Rights & needed) != needed)
        {
            Count(Counter.DeniedCalls);
            SetError(thread, Errno.EPERM);
            return null;
        }

        return target;
    }

    private Endpoint? FindEndpoint(Tcb thread, Rights needed, out Capability? capability) =>
        FindObject<Endpoint>(thread, needed, out capability);

    private void CopyCapability(Tcb thread, bool mint)
    {
        var registers = thread.Registers;
        var source = Find(thread, registers.Capability);
        if (source is null)
        {
            SetError(thread, Errno.EBADF);
            return;
        }

        if (source.IsStale)
        {
            // A copy is made for the present incarnation: one of a stale capability would reach it.
            Count(Counter.StaleCapabilities);
            SetError(thread, Errno.EOWNERDEAD);
            return;
        }

        if (mint && ((source.Rights & Rights.Grant) == 0 || source.Badge != 0))
        {
            // A badge identifies a client for good: who bears one cannot be given another.
            Count(Counter.DeniedCalls);
            SetError(thread, Errno.EPERM);
            return;
        }

        var rights = (Rights)(registers.Arg0 & (long)Rights.All);
        var copy = source.Derive(rights, mint ? registers.Arg1 : 0);
        registers.Arg0 = thread.Domain.Capabilities.Insert(copy).Index;
    }

    private void MoveCapability(Tcb thread)
    {
        var space = thread.Domain.Capabilities;
        var slot = thread.Registers.Capability;
        var capability = space[slot];
        if (capability is null || slot.Index < CapabilitySpace.FirstFree)
        {
            SetError(thread, Errno.EBADF);
            return;
        }

        // Insert before the old slot is free, so that the new one is another.
        var moved = space.Insert(capability);
        capability.Space = space;
        space.Clear(slot);
        space.Put(capability, moved);
        thread.Registers.Arg0 = moved.Index;
    }

    private void RevokeCapability(Tcb thread)
    {
        if (Find(thread, thread.Registers.Capability) is { } capability)
        {
            thread.Registers.Arg0 = capability.Revoke();
        }
        else
        {
            SetError(thread, Errno.EBADF);
        }
    }

    private void DeleteCapability(Tcb thread)
    {
        var slot = thread.Registers.Capability;
        var space = thread.Domain.Capabilities;
        if (space[slot] is { } capability && slot.Index >= CapabilitySpace.FirstFree)
        {
            capability.Detach();
            space.Clear(slot);
        }
        else
        {
            SetError(thread, Errno.EBADF);
        }
    }

    private static void CreateNotification(Tcb thread) => thread.Registers.Arg0 =
        thread.Domain.Capabilities.Insert(new Capability(new Notification(), Rights.All, 0)).Index;

    private void CreateEndpoint(Tcb thread)
    {
        var endpoint = new Endpoint(null, thread.Domain)
        {
            PulseLimit = Math.Max(0, thread.Registers.Arg0),
        };
        Observe(endpoint, thread.Domain);
        thread.Domain.Endpoints.Add(endpoint);
        thread.Registers.Arg0 =
            thread.Domain.Capabilities.Insert(new Capability(endpoint, Rights.All, 0)).Index;
    }

    /// <summary>Naming's right: a fresh capability for a component's present incarnation.</summary>
    private void ComponentEndpoint(Operation op, Tcb thread)
    {
        var registers = thread.Registers;
        if (thread.Component?.Name != "naming")
        {
            Count(Counter.DeniedCalls);
            SetError(thread, Errno.EPERM);
            return;
        }

        var name = System.Text.Encoding.UTF8.GetString(registers.Message.Data.Span);
        var component = Components.Find(component => component.Name == name);
        if (component is null)
        {
            SetError(thread, Errno.ENOENT);
        }
        else if (component.State != ComponentState.Ready)
        {
            SetError(thread, Errno.EAGAIN);
        }
        else
        {
            var minted = component.Root!.Derive(Rights.Write | Rights.Grant, registers.Arg1);
            registers.Arg0 = thread.Domain.Capabilities.Insert(minted).Index;
            NoteRebind(op, component);
        }
    }
}
