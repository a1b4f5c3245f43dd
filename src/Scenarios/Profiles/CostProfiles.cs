using Scenarios.Model;

namespace Scenarios.Profiles;

/// <summary>
/// Which cost profiles there are: files in the directory `profiles` beside the program.
/// </summary>
public static class CostProfiles
{
    /// <summary>Where the profiles are that a name finds.</summary>
    public static string Directory => Path.Combine(AppContext.BaseDirectory, "profiles");

    /// <summary>Their names, in ordinal order; the default is always among them.</summary>
    public static IReadOnlyList<string> Names
    {
        get
        {
            var names = new SortedSet<string>(StringComparer.Ordinal)
            {
                new MachineOptions().Profile,
            };
            if (System.IO.Directory.Exists(Directory))
            {
                names.UnionWith(System.IO.Directory.EnumerateFiles(Directory, "*.yaml")
                    .Select(file => Path.GetFileNameWithoutExtension(file)));
            }

            return [.. names];
        }
    }

    /// <summary>Names of the bases that profiles can be built on, in ordinal order.</summary>
    public static IReadOnlyList<string> Bases
    {
        get
        {
            var directory = Path.Combine(Directory, "base");
            return System.IO.Directory.Exists(directory)
                ? [.. System.IO.Directory.EnumerateFiles(directory, "*.yaml")
                    .Select(file => Path.GetFileNameWithoutExtension(file))
                    .Order(StringComparer.Ordinal)]
                : [];
        }
    }

    /// <summary>The file of a base.</summary>
    public static string PathOfBase(string name) =>
        Path.Combine(Directory, "base", name + ".yaml");

    /// <summary>Whether it is a profile's name, or a file.</summary>
    /// <param name="profile">A name, or a path relative to <paramref name="directory"/>.</param>
    /// <param name="directory">The scenario's directory.</param>
    public static bool Exists(string profile, string directory) =>
        Names.Contains(profile)
        || (!profile.Contains('\0') && File.Exists(Path.Combine(directory, profile)));

    /// <summary>The file that a profile's name or path means, whether or not it is there.</summary>
    /// <param name="profile">A name, or a path relative to <paramref name="directory"/>.</param>
    /// <param name="directory">The scenario's directory.</param>
    public static string PathOf(string profile, string directory)
    {
        var named = Path.Combine(Directory, profile + ".yaml");
        return Names.Contains(profile) && File.Exists(named)
            ? named
            : Path.Combine(directory, profile);
    }
}
