using LibSys;

namespace Programs.Workloads;

/// <summary>Asks for its number again and again: the null call, nothing but the way there and
/// back.</summary>
/// <param name="calls">How often.</param>
public sealed class GetpidLoop(long calls) : IProgram
{
    /// <inheritdoc/>
    public async ValueTask<int> Main(Sys sys)
    {
        for (long i = 0; i < calls; i++)
        {
            var pid = await sys.Getpid();
            if (pid.Failed)
            {
                return 1;
            }
        }

        return 0;
    }
}
