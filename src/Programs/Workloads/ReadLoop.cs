using Abi.Posix;
using LibSys;

namespace Programs.Workloads;

/// <summary>
/// Reads the beginning of a file again and again: after the first time every read finds its blocks
/// in the
/// file server's cache.
/// </summary>
/// <param name="path">Which file.</param>
/// <param name="count">Bytes in each read.</param>
/// <param name="reads">How often.</param>
public sealed class ReadLoop(string path, int count, long reads) : IProgram
{
    /// <inheritdoc/>
    public async ValueTask<int> Main(Sys sys)
    {
        var opened = await sys.Open(path, OpenFlags.O_RDONLY);
        if (opened.Failed)
        {
            return 1;
        }

        var file = (int)opened.Raw;
        var buffer = new byte[count];
        for (long i = 0; i < reads; i++)
        {
            var read = await sys.Pread(file, buffer, 0);
            if (read.Raw != count)
            {
                return 1;
            }
        }

        await sys.Close(file);
        return 0;
    }
}
