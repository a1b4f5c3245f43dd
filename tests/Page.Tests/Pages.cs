using Cli;
using Scenarios;
using Telemetry.Json;
using Telemetry.Tests;

namespace Page.Tests;

/// <summary>Pages as `micro` writes them, each made once.</summary>
public static class Pages
{
    private static readonly string Folder = Directory.CreateDirectory(
        Path.Combine(Repository.Root, "artifacts", "pages")).FullName;

    private static readonly Dictionary<string, (string Path, Records.Comparison Results)> Made =
        [];

    /// <summary>Reads of 16 blocks that miss the cache: some 100 spans a read in the microkernel
    /// placement, and 70 in the other.</summary>
    public const string ManySpans = """
        name: many spans
        disk: { cacheBlocks: 64 }
        processes:
          reader:
            program: |
              fd = open("/big", O_RDWR|O_CREAT, 0644)
              repeat 64 { write(fd, bytes(64KiB)) = 64KiB }
              repeat 10 { lseek(fd, 0, SEEK_SET) = 0; repeat 64 { read(fd, 65536) = 65536 } }
        """;

    /// <summary>One request of many spans: 16 MiB in blocks of 4 KiB.</summary>
    public const string LongRequest = """
        name: one long read
        disk: { cacheBlocks: 64 }
        processes:
          reader:
            program: |
              fd = open("/big", O_RDWR|O_CREAT, 0644)
              repeat 16 { write(fd, bytes(1MiB)) = 1MiB }
              pread(fd, 16MiB, 0) = 16MiB
        """;

    /// <summary>Text that would do harm if it ever became markup, wherever a user may write
    /// text.</summary>
    public const string Harm = "</script><img src=x onerror='window.harmed=1'>{{data}}";

    /// <summary>A scenario that says it wherever any text may stand; names of processes may hold
    /// letters, digits and hyphens only.</summary>
    public const string Harmful = $$"""
        name: "{{Harm}}"
        description: "{{Harm}}"
        processes:
          reader:
            program: |
              open("{{Harm}}", O_RDONLY) = -1 ENOENT
              open("/<b>", O_RDWR|O_CREAT, 0644) = 3
        """;

    /// <summary>The page of a scenario of the repository.</summary>
    public static string Of(string scenario) =>
        Make(scenario, Repository.PathOf($"scenarios/{scenario}.yaml"), []).Path;

    /// <summary>What the same run prints as JSON.</summary>
    public static Records.Comparison ResultsOf(string scenario) =>
        Make(scenario, Repository.PathOf($"scenarios/{scenario}.yaml"), []).Results;

    /// <summary>The page of a scenario that a test writes.</summary>
    public static string Of(string name, string scenario, params string[] arguments)
    {
        var path = Path.Combine(Folder, name + ".yaml");
        File.WriteAllText(path, scenario);
        return Make(name, path, arguments).Path;
    }

    /// <summary>Where a picture for people goes.</summary>
    public static string Picture(string name) => Path.Combine(Folder, name);

    private static (string Path, Records.Comparison Results) Make(
        string name, string scenario, string[] arguments)
    {
        lock (Made)
        {
            if (!Made.TryGetValue(name, out var made))
            {
                var page = Path.Combine(Folder, name + ".html");
                File.Delete(page);
                using var output = new StringWriter();
                using var error = new StringWriter();
                var terminal = new Terminal { Output = output, Error = error };
                new Micro(terminal, new ScenarioRunner()).Run(
                    ["compare", scenario, "--html", page, "--format", "json", .. arguments]);
                Assert.True(File.Exists(page), error.ToString());
                made = (page, JsonReport.Read(output.ToString()));
                Made.Add(name, made);
            }

            return made;
        }
    }
}
