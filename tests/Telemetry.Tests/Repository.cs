namespace Telemetry.Tests;

/// <summary>Files of the repository.</summary>
internal static class Repository
{
    /// <summary>The directory of Micro.sln, above the directory of the tests' program.</summary>
    public static string Root { get; } = Find();

    /// <summary>A path in the repository on this machine.</summary>
    public static string PathOf(string path) => Path.Combine(Root, path);

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && !File.Exists(Path.Combine(directory.FullName, "Micro.sln")))
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException("no Micro.sln above");
    }
}
