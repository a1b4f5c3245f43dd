using Programs.Interpreter;
using Programs.Tests.Interpreter;
using Scenarios;
using Scenarios.Expectations;

namespace Programs.Tests;

/// <summary>
/// The programs of the scenario files find the results that the files say, on the real servers.
/// What a placement, a crash or a real directory decides is tested where there is a machine.
/// </summary>
public class ScenarioProgramsTests
{
    [Theory]
    [InlineData("custom-placement")]
    [InlineData("crash-disk-driver")]
    [InlineData("crash-file-server")]
    [InlineData("crash-net-stack")]
    [InlineData("datagrams")]
    [InlineData("disk-full")]
    [InlineData("files")]
    [InlineData("getpid")]
    [InlineData("many-readers")]
    [InlineData("one-core")]
    [InlineData("ping-pong")]
    [InlineData("priorities")]
    [InlineData("read-hit")]
    [InlineData("read-miss")]
    [InlineData("spawn-wait")]
    public void Results_are_as_the_scenario_file_says(string name)
    {
        var file = Path.Combine(Root, "scenarios", name + ".yaml");
        var scenario = ScenarioLoader.Load(file).Scenario!;
        var lab = new Lab(scenario.Disk.Size?.Count ?? 64 << 20);
        lab.Gate.RecordsCalls = false;
        var started = new List<(string Name, Func<int?> Status)>();
        foreach (var process in scenario.Processes)
        {
            var code = CompiledProgram.Of(process.Program);
            lab.Offer(process.Name, code);
            for (var i = 0; i < process.Count && !process.Spawned; i++)
            {
                var made = lab.Start(code, process.Name, i);
                started.Add((process.Name, () => made.Status));
            }
        }

        lab.Gate.Run();

        Assert.Empty(lab.Differences.Select(each =>
            $"{name}.yaml:{each.Line}: {each.Call} = {each.Actual}, not {each.Expected}"));
        Assert.All(started, process => Assert.Equal(0, process.Status()));
        Assert.Contains(scenario.Expect, each =>
            each.Claim is Claim.EveryProcessExits or Claim.ProcessExits);
    }

    private static string Root
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory.FullName, "Micro.sln")))
            {
                directory = directory.Parent!;
            }

            return directory.FullName;
        }
    }
}
