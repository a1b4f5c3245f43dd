using LibSys;
using Programs.Interpreter;

namespace Programs;

/// <summary>
/// A process that runs a program of a scenario. Its exit status is 0 unless it calls exit().
/// </summary>
/// <param name="code">The program.</param>
/// <param name="process">The process's name in the scenario.</param>
/// <param name="index">Which of the processes of that name, from 0; the program's variable
/// `index`.</param>
/// <param name="random">Where its random numbers come from; no other process may use it.</param>
/// <param name="observer">Hears of differing results and digests; null if nobody does.</param>
public sealed class ScenarioProgram(
    CompiledProgram code, string process, int index, IRandomSource random,
    IProgramObserver? observer) : IProgram
{
    /// <inheritdoc/>
    public async ValueTask<int> Main(Sys sys)
    {
        var frame = new Frame(sys, code, process, index, random, observer);
        foreach (var step in code.Steps)
        {
            await step.Run(frame);
        }

        return 0;
    }
}
