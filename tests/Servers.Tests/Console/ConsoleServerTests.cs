using System.Text;
using Abi;
using Abi.Kernel;
using LibSys;
using LibSys.Protocols;
using Servers.Console;
using Testing;

namespace Servers.Tests.Console;

public sealed class ConsoleServerTests
{
    private readonly DirectGate gate = new();
    private readonly FakeConsole device = new();

    public ConsoleServerTests() => gate.Register(() => new ConsoleServer(), devices: device);

    [Fact]
    public void What_is_written_is_printed_in_order_and_its_length_is_the_answer()
    {
        Assert.Equal(6, Write("hello ").A);
        Assert.Equal(6, Write("wörld").A);
        Assert.Equal("hello wörld", device.Text);
    }

    [Fact]
    public void Writing_nothing_prints_nothing() => Assert.Equal(0, Write("").A);

    [Fact]
    public void Reading_is_always_at_the_end_of_the_input()
    {
        var answer = gate.Ask(async sys => await sys.Call(
            sys.Connections.To(ConsoleProtocol.Name), Message.Request(ConsoleProtocol.Read),
            Retry.Idempotent, new byte[10], LeaseAccess.Write));
        Assert.Equal(0, answer.A);
    }

    [Fact]
    public void What_cannot_be_read_is_not_printed()
    {
        var answer = gate.Ask(async sys => await sys.Call(
            sys.Connections.To(ConsoleProtocol.Name), Message.Request(ConsoleProtocol.Write),
            Retry.Never, new byte[10], LeaseAccess.Write));
        Assert.Equal(-(long)Errno.EPERM, answer.A);
        Assert.Equal("", device.Text);
    }

    private Message Write(string text) => gate.Ask(async sys => await sys.Call(
        sys.Connections.To(ConsoleProtocol.Name), Message.Request(ConsoleProtocol.Write),
        Retry.Never, Encoding.UTF8.GetBytes(text), LeaseAccess.Read));
}
