using Abi.Posix;
using Records;

namespace Telemetry.Html;

/// <summary>What makes calls of two placements the same call: who makes it, and where in its
/// program.</summary>
/// <param name="Process">The number of the process.</param>
/// <param name="ProcessName">Its name in the scenario.</param>
/// <param name="Position">The call's ordinal number among the process's calls, from 0.</param>
/// <param name="Call">Which call it is.</param>
public readonly record struct CallKey(
    int Process, string ProcessName, long Position, PosixCall Call)
{
    /// <summary>The key of a call.</summary>
    public static CallKey Of(in StartedCall call) =>
        new(call.Process, call.ProcessName, call.Position, call.Call);
}
