namespace Programs;

/// <summary>Hears what a program found out about its results. Cannot influence the run.</summary>
public interface IProgramObserver
{
    /// <summary>
    /// A call's result is not the one that the author wrote behind `=`; the program goes on.
    /// </summary>
    /// <param name="difference">What differs.</param>
    void ResultDiffers(in ResultDifference difference);

    /// <summary>The program asked for the digest of what it had read.</summary>
    /// <param name="path">The file's path, as it was opened.</param>
    /// <param name="bytes">How many bytes read() delivered.</param>
    /// <param name="sha256">64 hexadecimal digits in lower case.</param>
    void FileDigested(string path, long bytes, string sha256);
}

/// <summary>A call whose result is not as expected.</summary>
/// <param name="Process">The process's name in the scenario.</param>
/// <param name="Index">Which of the processes of that name, from 0.</param>
/// <param name="Line">The line of the scenario file.</param>
/// <param name="Call">The call as the program has it, without what is expected.</param>
/// <param name="Expected">As strace would print it.</param>
/// <param name="Actual">As strace prints it.</param>
public readonly record struct ResultDifference(
    string Process, int Index, int Line, string Call, string Expected, string Actual);
