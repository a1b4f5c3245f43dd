using Abi.Devices;
using Abi.Posix;
using Machine.Devices;
using Programs.Interpreter;
using Programs.Language;
using Servers.Disk;
using Servers.Files;
using Servers.Processes;
using Servers.Timers;
using Testing;

namespace Programs.Tests.Interpreter;

/// <summary>Runs programs over the real servers on the fake machine.</summary>
internal sealed class Lab : IProgramObserver
{
    public Lab()
    {
        var image = new DiskImage((8 << 20) / ISectorStore.SectorSize);
        new DiskFormatter(image, 256).Finish();
        var disk = new FakeDisk(image);
        Gate.Register(() => new DiskDriver(image.SectorCount, 4), 4, disk);
        Gate.Register(() => new FileServer(64), 4);
        Gate.Register(() => new TimerServer());
        Gate.Register(() => new ProcessManager());
    }

    public DirectGate Gate { get; } = new();
    public List<ResultDifference> Differences { get; } = [];
    public List<(string Path, long Bytes, string Sha256)> Digests { get; } = [];

    public FakeProcess Run(string text, string name = "reader", int index = 0)
    {
        var code = CompiledProgram.Of(ProgramParser.Parse(text));
        var process = Gate.Spawn(new ScenarioProgram(code, name, index, this), name);
        Gate.Run();
        return process;
    }

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
}
