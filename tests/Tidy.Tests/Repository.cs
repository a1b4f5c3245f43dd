namespace Tidy.Tests;

/// <summary>The repository that the tests stand in, without what builds leave there.</summary>
internal static class Repository
{
    /// <summary>The directory of Micro.sln.</summary>
    public static string Root { get; } = Find();

    /// <summary>
    /// Paths of all files of a kind, relative to the root, with slashes, in ordinal order.
    /// </summary>
    public static IReadOnlyList<string> Files(string pattern) =>
    [
        .. Directory.EnumerateFiles(Root, pattern, new EnumerationOptions
            {
                RecurseSubdirectories = true,
                AttributesToSkip = FileAttributes.ReparsePoint,
            })
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Split('/').Any(IsLeftByBuilds))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A file's text.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static bool IsLeftByBuilds(string folder) =>
        folder is "artifacts" or "bin" or "obj" or ".git";

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
