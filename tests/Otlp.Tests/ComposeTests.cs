using System.Diagnostics;
using System.Text.RegularExpressions;
using Telemetry.Tests;
using YamlDotNet.RepresentationModel;

namespace Otlp.Tests;

/// <summary>docker-compose.yml, as far as it can be judged without an engine.</summary>
public sealed partial class ComposeTests
{
    private static readonly Dictionary<string, YamlMappingNode> Services = Load();

    [Fact]
    public void It_has_what_the_documentation_promises() =>
        Assert.Equal(["jaeger", "prometheus", "grafana"], Services.Keys);

    [Fact]
    public void Every_image_is_pinned_to_a_version() =>
        Assert.All(Services.Values, service => Assert.Matches(Pinned(), Text(service, "image")));

    [Fact]
    public void Every_port_is_on_the_loopback_interface()
    {
        var ports = Services.Values.SelectMany(service => Texts(service, "ports")).ToList();
        Assert.NotEmpty(ports);
        Assert.All(ports, port => Assert.Matches(@"^127\.0\.0\.1:[0-9]+:[0-9]+$", port));
    }

    [Fact]
    public void Everything_that_is_mounted_exists_and_cannot_be_written()
    {
        var mounts = Services.Values.SelectMany(service => Texts(service, "volumes")).ToList();
        Assert.NotEmpty(mounts);
        Assert.All(mounts, mount =>
        {
            var parts = mount.Split(':');
            Assert.Equal(3, parts.Length);
            Assert.StartsWith("./", parts[0]);
            Assert.True(Path.Exists(Repository.PathOf(parts[0])), parts[0]);
            Assert.Equal("ro", parts[2]);
        });
    }

    [Fact]
    public void Every_service_has_a_health_check_and_waits_for_healthy_ones()
    {
        Assert.All(Services.Values, service => Assert.Equal(
            "CMD-SHELL", Texts((YamlMappingNode)service["healthcheck"], "test").First()));
        foreach (var service in Services.Values.Where(each => Has(each, "depends_on")))
        {
            foreach (var (name, how) in (YamlMappingNode)service["depends_on"])
            {
                Assert.Contains(((YamlScalarNode)name).Value!, Services.Keys);
                Assert.Equal("service_healthy", Text((YamlMappingNode)how, "condition"));
            }
        }
    }

    /// <summary>The receiver is off by default; and what dashboards select by has to be a
    /// label.</summary>
    [Fact]
    public void Prometheus_takes_otlp_and_makes_labels_of_what_dashboards_select_by()
    {
        Assert.Contains("--web.enable-otlp-receiver", Texts(Services["prometheus"], "command"));
        var configuration = (YamlMappingNode)Parse("deploy/prometheus.yml");
        Assert.Equal(
            ["micro.run", "micro.scenario", "micro.profile", "micro.seed"],
            Texts((YamlMappingNode)configuration["otlp"], "promote_resource_attributes"));
    }

    /// <summary>Jaeger hands on what it does not keep, by the addresses of the other
    /// services.</summary>
    [Fact]
    public void Every_pipeline_of_jaeger_uses_parts_that_are_configured()
    {
        var jaeger = (YamlMappingNode)Parse("deploy/jaeger.yaml");
        var pipelines = (YamlMappingNode)((YamlMappingNode)jaeger["service"])["pipelines"];
        Assert.Equal(
            ["traces", "metrics/spans", "metrics", "logs"],
            pipelines.Children.Keys.Select(key => ((YamlScalarNode)key).Value));
        var connectors = Names(jaeger, "connectors").ToList();
        foreach (var pipeline in pipelines.Children.Values.Cast<YamlMappingNode>())
        {
            Assert.Empty(Texts(pipeline, "receivers")
                .Except(Names(jaeger, "receivers").Concat(connectors)));
            Assert.Empty(Texts(pipeline, "exporters")
                .Except(Names(jaeger, "exporters").Concat(connectors)));
        }

        Assert.Empty(Texts((YamlMappingNode)jaeger["service"], "extensions")
            .Except(Names(jaeger, "extensions")));
        var text = File.ReadAllText(Repository.PathOf("deploy/jaeger.yaml"));
        Assert.Contains("endpoint: http://prometheus:9090/api/v1/otlp\n", text);
    }

    /// <summary>Without an engine: a client knows the format better than this test.</summary>
    [SkippableFact]
    public void A_client_of_compose_accepts_it()
    {
        string[][] clients = [["docker", "compose"], ["docker-compose"]];
        var client = clients.FirstOrDefault(each => Run([.. each, "version"]).Code == 0);
        Skip.If(
            client is null && Environment.GetEnvironmentVariable("CI") != "true",
            "docker compose config was NOT run: no client here, .ci/install installs one");
        Assert.NotNull(client);
        var file = Repository.PathOf("docker-compose.yml");
        Assert.Equal((0, ""), Run([.. client, "-f", file, "config", "-q"]));
    }

    private static (int Code, string Error) Run(string[] command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = process.StandardOutput.ReadToEndAsync();
            var error = process.StandardError.ReadToEnd();
            output.Wait();
            process.WaitForExit();
            return (process.ExitCode, error);
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            return (-1, exception.Message);
        }
    }

    private static Dictionary<string, YamlMappingNode> Load()
    {
        var services = (YamlMappingNode)((YamlMappingNode)Parse("docker-compose.yml"))["services"];
        return services.ToDictionary(
            each => ((YamlScalarNode)each.Key).Value!, each => (YamlMappingNode)each.Value);
    }

    private static YamlNode Parse(string path)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(Repository.PathOf(path));
        stream.Load(reader);
        return stream.Documents.Single().RootNode;
    }

    private static bool Has(YamlMappingNode node, string key) =>
        node.Children.ContainsKey(new YamlScalarNode(key));

    private static string Text(YamlMappingNode node, string key) =>
        ((YamlScalarNode)node[key]).Value!;

    private static IEnumerable<string> Texts(YamlMappingNode node, string key) => Has(node, key)
        ? ((YamlSequenceNode)node[key]).Select(each => ((YamlScalarNode)each).Value!)
        : [];

    private static IEnumerable<string> Names(YamlMappingNode node, string key) =>
        ((YamlMappingNode)node[key]).Children.Keys.Select(each => ((YamlScalarNode)each).Value!);

    [GeneratedRegex("^[a-z]+/[a-z]+:v?[0-9]+[.][0-9]+[.][0-9]+$")]
    private static partial Regex Pinned();
}
