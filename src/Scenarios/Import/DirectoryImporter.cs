using System.Text;
using LibSys.Protocols;
using Machine.Devices;
using Servers.Files;

namespace Scenarios.Import;

/// <summary>A disk made from a directory of the host.</summary>
/// <param name="Image">The disk.</param>
/// <param name="Files">Regular files on it.</param>
/// <param name="Directories">Directories on it, its root not counted.</param>
/// <param name="Bytes">The files' sizes, summed.</param>
/// <param name="Warnings">What was skipped, one line each.</param>
public sealed record ImportedDisk(
    DiskImage Image, int Files, int Directories, long Bytes, IReadOnlyList<string> Warnings);

/// <summary>
/// Makes a disk from a directory of the host: the directory becomes the root. Names go in the order
/// of their UTF-8 bytes, so the same content gives the same disk on every host. Contents and
/// permission bits are kept (on Windows, which has none: 0644 and 0755); owners and times are not,
/// hard links become copies.
/// </summary>
public sealed class DirectoryImporter
{
    private const long Slack = 16 << 20;
    private const int DefaultFileMode = 0x1A4;
    private const int DefaultDirectoryMode = 0x1ED;

    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = 0,
        IgnoreInaccessible = false,
        MatchType = MatchType.Simple,
    };

    private readonly List<string> warnings = [];
    private readonly Action<string>? reading;
    private int files;
    private int directories;
    private long bytes;
    private long space;

    private DirectoryImporter(Action<string>? reading) => this.reading = reading;

    /// <summary>Makes a disk from a directory.</summary>
    /// <param name="directory">The host's directory.</param>
    /// <param name="size">
    /// Bytes of the disk; null for what the content needs and a quarter and 16 MiB more.
    /// </param>
    /// <param name="reading">Told the host's path of each file before it is read.</param>
    /// <exception cref="ImportException">
    /// Something cannot be read, vanished or does not fit.
    /// </exception>
    public static ImportedDisk Import(
        string directory, long? size = null, Action<string>? reading = null)
    {
        if (!Directory.Exists(directory))
        {
            throw new ImportException(
                directory,
                File.Exists(directory) ? "it is not a directory" : "there is no such directory");
        }

        return new DirectoryImporter(reading).Run(new DirectoryInfo(directory), size);
    }

    /// <summary>Makes an empty disk: the default size is 64 MiB.</summary>
    /// <exception cref="ImportException">The size is too small.</exception>
    public static DiskImage Empty(long size = 64 << 20) =>
        new DirectoryImporter(null).Make(size, [], "an empty disk");

    private ImportedDisk Run(DirectoryInfo root, long? size)
    {
        var tree = Scan(root);
        var wanted = size ?? space + space / 4 + Slack;
        var image = Make(wanted, tree, root.FullName);
        return new ImportedDisk(image, files, directories, bytes, warnings);
    }

    /// <summary>What there is, in order; files are not read yet.</summary>
    private List<Entry> Scan(DirectoryInfo directory)
    {
        var entries = new List<Entry>();
        try
        {
            foreach (var found in directory.EnumerateFileSystemInfos("*", Everything))
            {
                if (TryDescribe(found) is { } entry)
                {
                    entries.Add(entry);
                }
            }
        }
        catch (Exception failure) when (IsOfHost(failure))
        {
            throw new ImportException(directory.FullName, ReasonOf(failure), failure);
        }

        entries.Sort((left, right) => left.Name.AsSpan().SequenceCompareTo(right.Name));
        var records = entries.Sum(entry => (long)DiskLayout.RecordSize(entry.Name.Length));
        space += (records / (DiskLayout.BlockSize / 2) + 1) * DiskLayout.BlockSize;
        return entries;
    }

    private Entry? TryDescribe(FileSystemInfo found)
    {
        var name = Encoding.UTF8.GetBytes(found.Name);
        if (name.Length > FileProtocol.NameLimit)
        {
            throw new ImportException(
                found.FullName,
                $"its name has {name.Length} bytes in UTF-8, more than {FileProtocol.NameLimit}");
        }

        return HostFileTypes.Of(found) switch
        {
            HostFileType.File => DescribeFile((FileInfo)found, name),
            HostFileType.Directory => DescribeDirectory((DirectoryInfo)found, name),
            HostFileType.SymbolicLink =>
                Skip(found, "symbolic links are not in the file API yet"),
            HostFileType.Socket => Skip(found, "it is a socket"),
            HostFileType.Pipe => Skip(found, "it is a named pipe"),
            HostFileType.Device => Skip(found, "it is a device"),
        };
    }

    private Entry DescribeFile(FileInfo file, byte[] name)
    {
        var length = file.Length;
        files++;
        bytes += length;
        space += DiskFormatter.SpaceFor(length);
        return new Entry(name, file.FullName, ModeOf(file, DefaultFileMode), null);
    }

    private Entry DescribeDirectory(DirectoryInfo directory, byte[] name)
    {
        directories++;
        return new Entry(
            name, directory.FullName, ModeOf(directory, DefaultDirectoryMode), Scan(directory));
    }

    private DiskImage Make(long size, List<Entry> tree, string source)
    {
        try
        {
            var blocks = Math.Max(size, 0) / DiskLayout.BlockSize;
            var image = new DiskImage(Math.Max(1, blocks * DiskLayout.SectorsPerBlock));
            var most = Math.Max(
                DiskFormatter.DefaultInodes(size), (files + directories) * 5L / 4 + 64);
            var formatter = new DiskFormatter(image, (int)most);
            Fill(formatter, DiskFormatter.Root, tree);
            formatter.Finish();
            return image;
        }
        catch (DiskFullException full)
        {
            throw new ImportException(
                source,
                $"{full.Message}; {files} files and {directories} directories need a disk of "
                + $"about {space + Slack} bytes",
                full);
        }
    }

    private void Fill(DiskFormatter formatter, int parent, List<Entry> entries)
    {
        foreach (var entry in entries)
        {
            if (entry.Entries is { } inside)
            {
                Fill(formatter, formatter.AddDirectory(parent, entry.Name, entry.Mode), inside);
                continue;
            }

            reading?.Invoke(entry.Path);
            try
            {
                using var content = new FileStream(
                    entry.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16,
                    FileOptions.SequentialScan);
                formatter.AddFile(parent, entry.Name, entry.Mode, content);
            }
            catch (Exception failure) when (IsOfHost(failure))
            {
                throw new ImportException(entry.Path, ReasonOf(failure), failure);
            }
        }
    }

    private Entry? Skip(FileSystemInfo found, string reason)
    {
        warnings.Add($"skipped {found.FullName}: {reason}");
        return null;
    }

    private static int ModeOf(FileSystemInfo found, int otherwise) =>
        OperatingSystem.IsWindows() ? otherwise : (int)found.UnixFileMode;

    private static bool IsOfHost(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or System.Security.SecurityException;

    private static string ReasonOf(Exception failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException =>
            "it vanished while the directory was read, or its name is not valid UTF-8",
        UnauthorizedAccessException or System.Security.SecurityException =>
            "no permission to read it",
        _ => failure.Message,
    };

    /// <summary>A file or directory to import.</summary>
    private sealed record Entry(byte[] Name, string Path, int Mode, List<Entry>? Entries);
}
