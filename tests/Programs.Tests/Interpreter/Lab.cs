using System.Text;
using Abi;
using Abi.Devices;
using Abi.Kernel;
using Abi.Posix;
using LibSys;
using LibSys.Protocols;
using Machine.Devices;
using Programs.Interpreter;
using Programs.Language;
using Servers.Console;
using Servers.Disk;
using Servers.Files;
using Servers.Naming;
using Servers.Net;
using Servers.Processes;
using Servers.Tests.Net;
using Servers.Timers;
using Testing;

namespace Programs.Tests.Interpreter;

/// <summary>Runs programs over all the real servers on the fake machine.</summary>
internal sealed class Lab : IProgramObserver
{
    private readonly Dictionary<string, CompiledProgram> spawnable = [];

    public Lab(long diskBytes = 8 << 20)
    {
        var image = new DiskImage(diskBytes / ISectorStore.SectorSize);
        new DiskFormatter(image, 64).Finish();
        var nic = new FakeNic(Gate);
        Gate.Register(() => new NamingServer());
        Gate.Register(() => new TimerServer());
        Gate.Register(() => new ConsoleServer(), devices: new FakeConsole());
        Gate.Register(() => new DiskDriver(image.SectorCount, 4), 4, new FakeDisk(image));
        Gate.Register(() => new FileServer(64), 4);
        Gate.Register(() => new NicDriver(8), devices: nic);
        Gate.Register(() => new NetStack());
        Gate.Register(() => new ProcessManager());
        Gate.Answer(Syscall.ProcessCreate, Create);
    }

    public DirectGate Gate { get; } = new();
    public ScriptedRandom Random { get; } = new();
    public List<ResultDifference> Differences { get; } = [];
    public List<(string Path, long Bytes, string Sha256)> Digests { get; } = [];

    public FakeProcess Run(string text, string name = "reader", int index = 0)
    {
        var process = Start(CompiledProgram.Of(ProgramParser.Parse(text)), name, index);
        Gate.Run();
        return process;
    }

    /// <summary>Starts a process; it runs when the gate does.</summary>
    public FakeProcess Start(CompiledProgram code, string name, int index = 0)
    {
        IProgram program = new ScenarioProgram(code, name, index, Random, this);
        var process = Gate.Spawn(program, name);
        process.Ended = status =>
            Gate.Announce(ProcessProtocol.Name, LifeEvent.ProcessEnded, process.Pid, status);
        return process;
    }

    /// <summary>Lets spawn() find a program.</summary>
    public void Offer(string name, CompiledProgram code) => spawnable[name] = code;

    /// <summary>Runs a program that must find all its results as expected, to its end.</summary>
    public void Fulfil(string text)
    {
        var process = Run(text);
        Assert.Empty(Differences);
        Assert.Equal(0, process.Status);
    }

    public IEnumerable<string> Made(PosixCall call) =>
        Gate.Calls.Where(made => made.Call == call).Select(made => made.Text);

    public void ResultDiffers(in ResultDifference difference) => Differences.Add(difference);

    public void FileDigested(string path, long bytes, string sha256) =>
        Digests.Add((path, bytes, sha256));

    private Errno Create(Registers registers, string caller)
    {
        var name = Encoding.UTF8.GetString(registers.Message.Data.Span);
        if (!spawnable.TryGetValue(name, out var code))
        {
            return Errno.ENOENT;
        }

        registers.Arg0 = Start(code, name).Pid;
        return Errno.None;
    }
}
