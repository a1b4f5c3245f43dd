using System.Reflection;
using System.Xml.Linq;

namespace Tidy.Tests;

/// <summary>Who may see whom.</summary>
public sealed class LayerTests
{
    /// <summary>
    /// The table of docs/conventions.md: what stands in each project file, and nothing else.
    /// </summary>
    private static readonly Dictionary<string, string> MaySee = new()
    {
        ["Abi"] = "",
        ["LibSys"] = "Abi",
        ["Records"] = "Abi",
        ["Microkernel"] = "Abi Records",
        ["Engine"] = "Abi Akka",
        ["Servers"] = "Abi LibSys",
        ["Programs"] = "Abi LibSys Pidgin",
        ["Machine"] = "Abi Akka Engine HdrHistogram LibSys Microkernel Records",
        ["Scenarios"] =
            "Abi Engine LibSys Machine Microkernel NJsonSchema Pidgin Programs Records Servers "
            + "YamlDotNet",
        ["Telemetry"] =
            "Abi Google.Protobuf NJsonSchema OpenTelemetry "
            + "OpenTelemetry.Exporter.OpenTelemetryProtocol Records Spectre.Console",
        ["Validation"] =
            "Abi LibSys Machine MathNet.Numerics Microkernel Programs Records Scenarios",
        ["Cli"] =
            "Abi Programs Records Scenarios Serilog Serilog.Sinks.File "
            + "Serilog.Sinks.OpenTelemetry Spectre.Console System.CommandLine Telemetry Validation",
    };

    [Fact]
    public void Each_project_sees_what_the_table_says_and_nothing_else()
    {
        var actual = Repository.Files("*.csproj")
            .Where(path => path.StartsWith("src/"))
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), Sees);
        Assert.Equal(MaySee.OrderBy(each => each.Key), actual.OrderBy(each => each.Key));
    }

    [Fact]
    public void Projects_that_decide_a_run_are_checked_for_hidden_inputs()
    {
        foreach (var name in new[]
        {
            "Abi", "LibSys", "Records", "Microkernel", "Servers", "Programs", "Engine",
        })
        {
            Assert.Contains(
                "<IsDeterministic>true</IsDeterministic>",
                Repository.Read($"src/{name}/{name}.csproj"));
        }
    }

    [Fact]
    public void What_runs_in_a_component_or_program_can_reference_no_type_that_shows_its_placement()
    {
        string[] placed = ["Microkernel", "Machine", "Engine", "Scenarios", "Akka"];
        foreach (var assembly in new[]
        {
            typeof(LibSys.Sys).Assembly,
            typeof(Programs.Language.ProgramParser).Assembly,
            Assembly.Load("Servers"),
        })
        {
            Assert.DoesNotContain(
                assembly.GetReferencedAssemblies(), each => placed.Contains(each.Name));
        }
    }

    [Fact]
    public void No_server_names_another_server_in_code()
    {
        var servers = Repository.Files("*.cs")
            .Where(path => path.StartsWith("src/Servers/")).ToList();
        var folders = servers.Select(path => path.Split('/')[2])
            .Where(folder => !folder.EndsWith(".cs")).Distinct().ToList();
        var named =
            from path in servers
            from folder in folders
            where path.Split('/')[2] != folder
            where Repository.Read(path).Contains($"using Servers.{folder};")
            select $"{path} uses Servers.{folder}";
        Assert.Equal("", string.Join('\n', named));
    }

    private static string Sees(string path) => string.Join(
        ' ',
        XDocument.Parse(Repository.Read(path)).Descendants()
            .Where(each => each.Name.LocalName is "ProjectReference" or "PackageReference")
            .Select(each => Path.GetFileName((string)each.Attribute("Include")!))
            .Select(name => name.Replace(".csproj", "", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal));
}
