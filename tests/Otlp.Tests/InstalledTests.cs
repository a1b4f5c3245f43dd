namespace Otlp.Tests;

/// <summary>Says aloud what this machine has too little of to be tested.</summary>
public sealed class InstalledTests
{
    /// <summary>All else in this project's Received/ is left out without it; in CI the build
    /// refuses (Directory.Build.targets).</summary>
    [SkippableFact]
    public void The_definitions_of_OTLP_are_installed_so_that_exports_were_tested()
    {
        var file = "/usr/include/opentelemetry/proto/trace/v1/trace.proto";
        Skip.IfNot(
            File.Exists(file),
            $"exports by OTLP were NOT tested: {file} is missing, .ci/install installs it");
        Assert.NotNull(Type.GetType("Otlp.Tests.Received.ReceiverTests"));
    }
}
