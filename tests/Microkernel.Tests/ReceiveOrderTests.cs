using Abi.Kernel;
using Microkernel.Objects;
using Microkernel.Placing;

namespace Microkernel.Tests;

/// <summary>The same arrivals under each rule: a sender, a signal, a pulse, and a more urgent
/// sender.</summary>
public sealed class ReceiveOrderTests
{
    [Theory]
    [InlineData(ReceiveOrder.Fifo, "sender signal pulse urgent")]
    [InlineData(ReceiveOrder.NotificationsFirst, "signal sender pulse urgent")]
    [InlineData(ReceiveOrder.Priority, "urgent sender pulse signal")]
    public void The_same_arrivals_are_received_in_the_order_of_the_rule(
        ReceiveOrder rule, string expected)
    {
        var rig = new Rig(new KernelOptions { ReceiveOrder = rule });
        var server = rig.Server("server");
        var notification = new Notification();
        rig.Invoke(server, Syscall.NotificationBind, Rig.Give(server, notification));
        var sender = rig.Program("sender", priority: 10);
        var signaller = rig.Program("signaller");
        var urgent = rig.Program("urgent", priority: 11);

        rig.Call(sender, Rig.Grant(sender, server), Message.Request(1));
        rig.Invoke(signaller, Syscall.Signal, Rig.Give(signaller, notification, badge: 1));
        rig.Pulse(signaller, Rig.Grant(signaller, server), 2);
        rig.Call(urgent, Rig.Grant(urgent, server), Message.Request(3));

        string[] names = ["signal", "sender", "pulse", "urgent"];
        var received = new List<string>();
        for (var i = 0; i < names.Length; i++)
        {
            rig.Receive(server);
            Assert.NotEqual(TcbState.BlockedOnReceive, server.State);
            received.Add(names[server.Registers.Message.Operation]);
        }

        Assert.Equal(expected, string.Join(' ', received));
    }

    [Fact]
    public void Equally_urgent_senders_are_received_first_come_first_served()
    {
        var rig = new Rig(new KernelOptions { ReceiveOrder = ReceiveOrder.Priority });
        var server = rig.Server("server");
        for (var i = 1; i <= 5; i++)
        {
            var client = rig.Program($"client {i}", priority: i == 3 ? 12 : 10);
            rig.Call(client, Rig.Grant(client, server), Message.Request(i));
        }

        var received = new List<int>();
        for (var i = 1; i <= 5; i++)
        {
            rig.Receive(server);
            received.Add(server.Registers.Message.Operation);
        }

        Assert.Equal([3, 1, 2, 4, 5], received);
    }
}
