using System.Runtime.CompilerServices;

namespace Scenarios.Tests;

/// <summary>The repository that the tests stand in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static IEnumerable<string> ScenarioFiles =>
        Directory.GetFiles(Path.Combine(Root, "scenarios"), "*.yaml").Order(StringComparer.Ordinal);

    private static string Find([CallerFilePath] string source = "")
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Micro.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName
            ?? throw new InvalidOperationException($"{source} is in no repository with Micro.sln");
    }
}
