using System.Runtime.CompilerServices;
using Abi;
using Abi.Kernel;

namespace LibSys;

/// <summary>
/// The start-up code of components and the only receive loop there is. A component in a domain of
/// its
/// own has one thread here for each activation it may have at once.
/// </summary>
public static class ServerLoop
{
    /// <summary>Starts the component and tells the kernel that it can be bound.</summary>
    public static async ValueTask Start(Component component, Activation self)
    {
        await component.Start(self);
        await self.Trap(Syscall.ComponentReady);
    }

    /// <summary>Receives, handles and answers requests for ever.</summary>
    public static async ValueTask Run(Component component, Activation self)
    {
        var registers = self.Registers;
        registers.Capability = CapSlot.OwnEndpoint;
        await self.Trap(Syscall.Receive);
        while (true)
        {
            var token = registers.Reply;
            self.Step(FaultStep.RequestReceived);
            var answer = await component.Handle(
                new Request(registers.Message, registers.Badge, token), self);
            self.Step(FaultStep.BeforeReply);
            registers.Capability = CapSlot.OwnEndpoint;
            if (answer.IsDeferred)
            {
                await self.Trap(Syscall.Receive);
            }
            else
            {
                registers.Reply = token;
                registers.Message = answer;
                await self.Trap(Syscall.ReplyReceive);
                if (registers.Error == Errno.EMSGSIZE)
                {
                    // The caller hears that the answer does not fit, rather than wait for ever.
                    registers.Message = Message.Fail(Errno.EMSGSIZE);
                    await self.Trap(Syscall.ReplyReceive);
                }
            }
        }
    }

    /// <summary>One activation of the component's handler, with its named steps; the same in every
    /// placement.</summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public static async ValueTask<Message> Handle(
        Component component, Request request, Activation self)
    {
        self.Step(FaultStep.RequestReceived);
        var answer = await component.Handle(request, self);
        self.Step(FaultStep.BeforeReply);
        return answer;
    }
}
