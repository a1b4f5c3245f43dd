namespace Scenarios.Import;

/// <summary>A directory of the host could not become a disk; nothing was made.</summary>
public sealed class ImportException : Exception
{
    /// <summary>An error without a path.</summary>
    public ImportException() : this("", "unknown") { }

    /// <summary>An error without a path.</summary>
    public ImportException(string message) : this("", message) { }

    /// <summary>An error without a path, and what led to it.</summary>
    public ImportException(string message, Exception inner) : this("", message, inner) { }

    /// <summary>Says which file or directory of the host, and what is the matter with it.</summary>
    public ImportException(string path, string reason, Exception? inner = null)
        : base($"cannot import {path}: {reason}", inner)
    {
        Path = path;
        Reason = reason;
    }

    /// <summary>The host's path.</summary>
    public string Path { get; }

    /// <summary>What is the matter with it.</summary>
    public string Reason { get; }
}
