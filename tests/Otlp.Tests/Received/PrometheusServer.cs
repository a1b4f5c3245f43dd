using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Otlp.Tests.Received;

/// <summary>A real Prometheus on the loopback interface, with series of a test in it.</summary>
internal sealed class PrometheusServer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly string folder;
    private readonly Process process;
    private readonly HttpClient client;

    private PrometheusServer(string folder, Process process, Uri address)
    {
        this.folder = folder;
        this.process = process;
        client = new HttpClient { BaseAddress = address };
    }

    /// <summary>Whether this machine has it; .ci/install installs it.</summary>
    public static bool IsInstalled =>
        Find("prometheus") is not null && Find("promtool") is not null;

    /// <summary>Loads a text of series, and is ready for queries when this returns.</summary>
    public static PrometheusServer Start(string openMetrics)
    {
        var folder = Directory.CreateTempSubdirectory("micro-prometheus-").FullName;
        var (text, data, configuration) = (
            Path.Combine(folder, "series.txt"), Path.Combine(folder, "data"),
            Path.Combine(folder, "prometheus.yml"));
        File.WriteAllText(text, openMetrics);
        File.WriteAllText(configuration, "scrape_configs: []\n");
        using (var promtool = Launch(
            "promtool", "tsdb", "create-blocks-from", "openmetrics", text, data))
        {
            var said = promtool.StandardOutput.ReadToEndAsync();
            var complained = promtool.StandardError.ReadToEnd();
            promtool.WaitForExit();
            Assert.True(promtool.ExitCode == 0, said.Result + complained);
        }

        var port = FreePort();
        var process = Launch(
            "prometheus", $"--config.file={configuration}", $"--storage.tsdb.path={data}",
            $"--web.listen-address=127.0.0.1:{port}");
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        WaitUntilReady(process);
        return new PrometheusServer(folder, process, new Uri($"http://127.0.0.1:{port}"));
    }

    /// <summary>What an instant query finds: the labels and the value of each series.</summary>
    public List<(Dictionary<string, string> Labels, double Value)> Query(string query, long at)
    {
        var data = Get($"/api/v1/query?query={Uri.EscapeDataString(query)}&time={at}");
        return
        [
            .. data["result"]!.AsArray().Select(each => (
                each!["metric"]!.AsObject().ToDictionary(
                    label => label.Key, label => (string)label.Value!),
                double.Parse(
                    (string)each["value"]![1]!,
                    System.Globalization.CultureInfo.InvariantCulture))),
        ];
    }

    /// <summary>The values that a label has in the series of a selector.</summary>
    public List<string> LabelValues(string label, string selector) =>
    [
        .. Get($"/api/v1/label/{label}/values?match[]={Uri.EscapeDataString(selector)}")
            .AsArray().Select(each => (string)each!),
    ];

    public void Dispose()
    {
        client.Dispose();
        process.Kill();
        process.WaitForExit();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private JsonNode Get(string path)
    {
        using var answer = client.GetAsync(new Uri(path, UriKind.Relative)).Result;
        var text = answer.Content.ReadAsStringAsync().Result;
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {text}");
        return JsonNode.Parse(text)!["data"]!;
    }

    // It says so itself, in its log.
    private static void WaitUntilReady(Process process)
    {
        using var patience = new CancellationTokenSource(Patience);
        var ready = new TaskCompletionSource();
        var log = new List<string>();
        process.ErrorDataReceived += (_, line) =>
        {
            lock (log)
            {
                log.Add(line.Data ?? "(it ended)");
            }

            if (line.Data is null)
            {
                ready.TrySetException(new InvalidOperationException(string.Join('\n', log)));
            }
            else if (line.Data.Contains("Server is ready", StringComparison.Ordinal))
            {
                ready.TrySetResult();
            }
        };
        process.BeginErrorReadLine();
        ready.Task.Wait(patience.Token);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static Process Launch(string program, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Find(program)!, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
