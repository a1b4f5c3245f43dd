using System.Text.Json;
using Scenarios;
using Scenarios.Profiles;

namespace Cli.Tests;

/// <summary>
/// A fact of Linux only; elsewhere it is skipped. Xunit.SkippableFact brings an assembly with the
/// name of our Validation, so the two cannot be in one project.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() =>
        Skip = OperatingSystem.IsLinux() ? null : "only Linux can be measured";
}

/// <summary>`micro calibrate`, on whatever machine the tests run.</summary>
public sealed class CalibrateTests : CliTest
{
    // Nothing here depends on how fast or how busy the machine is.
    [LinuxFact]
    public void Calibrate_measures_this_host_and_writes_a_profile_that_runs()
    {
        var file = Path.Combine(Folder, "host.yaml");
        var (code, output, error) = Micro(
            "calibrate", "--quick", "--format", "json", "--out", file);
        Assert.Equal((ExitCode.Success, ""), (code, error));
        var result = JsonDocument.Parse(output).RootElement;
        var measured = result.GetProperty("measurements").EnumerateArray()
            .Where(each => each.TryGetProperty("spread", out _))
            .ToDictionary(each => each.GetProperty("id").GetString()!);
        Assert.True(measured.Count >= 10, output);
        Assert.All(measured.Values, each => Assert.True(Median(each) > 0, each.ToString()));
        var (one, page) = (measured["host_pread_1"], measured["host_pread_4096"]);
        Assert.True(
            Median(page) >= Median(one) - Uncertainty(one) - Uncertainty(page)
            || IsLeft(result, "copy-line"));

        var profile = ProfileLoader.Load(file);
        Assert.Empty(profile.Diagnostics);
        Assert.All(profile.Profile!.Rows.Where(row => row.Status == ProfileStatus.Measured), row =>
            Assert.Equal("", measured[row.Id].GetProperty("problem").GetString()));

        var (ran, report, _) = Micro(
            new ScenarioRunner(), "compare", Scenario, "--profile", file);
        Assert.Equal(ExitCode.Success, ran);
        Assert.Contains("times are modeled, not measured", report);
    }

    [LinuxFact]
    public void The_table_says_what_cannot_be_used_and_where_the_profile_is()
    {
        var file = Path.Combine(Folder, ".yaml");
        var (code, output, _) = Micro("calibrate", "--quick", "--out", file);
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("null system call: getppid", output);
        Assert.Contains("\nwrote ", output);
        Assert.Equal("host", ProfileLoader.Load(file).Profile!.Profile.Name);
        foreach (var line in File.ReadLines(file).Where(line => line.Contains("is left to the")))
        {
            Assert.Contains($"{line.Split(' ')[1]}: left to the base", output);
        }
    }

    [Fact]
    public void A_file_that_is_there_is_not_replaced_without_force()
    {
        var file = Write("host.yaml", "precious");
        var (code, output, error) = Micro("calibrate", "--quick", "--out", file);
        Assert.Equal((ExitCode.BadInput, ""), (code, output));
        Assert.Contains("--force", error);
        Assert.Equal("precious", File.ReadAllText(file));
    }

    [LinuxFact]
    public void With_force_a_file_is_replaced()
    {
        var file = Write("host.yaml", "precious");
        Assert.Equal(
            ExitCode.Success, Micro("calibrate", "--quick", "--force", "--out", file).Code);
        Assert.StartsWith("name: 'host'", File.ReadAllText(file));
    }

    [Theory]
    [InlineData("nowhere/host.yaml")]
    [InlineData(".")]
    public void A_file_that_cannot_be_written_is_bad_input(string name)
    {
        var (code, output, error) = Micro(
            "calibrate", "--quick", "--out", Path.Combine(Folder, name));
        Assert.Equal((ExitCode.BadInput, ""), (code, output));
        Assert.Contains("expected a file in a directory that is there", error);
    }

    [Fact]
    public void On_another_system_calibrate_is_bad_input_says_so_and_writes_nothing()
    {
        var error = new StringWriter();
        var terminal = new Terminal { Output = TextWriter.Null, Error = error };
        var file = Path.Combine(Folder, "host.yaml");
        var micro = new Micro(terminal, new FakeRunner()) { IsLinux = false };
        Assert.Equal(ExitCode.BadInput, micro.Run(["calibrate", "--out", file]));
        Assert.Contains("Linux only", error.ToString());
        Assert.False(File.Exists(file));
    }

    [LinuxFact]
    public void An_interrupted_calibration_writes_nothing()
    {
        Interrupt();
        var file = Path.Combine(Folder, "host.yaml");
        Assert.Equal(ExitCode.Interrupted, Micro("calibrate", "--out", file).Code);
        Assert.False(File.Exists(file));
    }

    private static double Median(JsonElement measurement) =>
        measurement.GetProperty("spread").GetProperty("median").GetDouble();

    private static double Uncertainty(JsonElement measurement) =>
        measurement.GetProperty("uncertainty").GetDouble();

    private static bool IsLeft(JsonElement result, string entry) =>
        result.GetProperty("left").EnumerateArray()
            .Any(each => each.GetProperty("entry").GetString() == entry);
}
