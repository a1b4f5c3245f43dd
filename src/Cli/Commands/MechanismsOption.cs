using System.CommandLine;
using Scenarios;
using Scenarios.Model;

namespace Cli.Commands;

/// <summary>The option that switches mechanisms on and off.</summary>
internal static class MechanismsOption
{
    /// <summary>Makes it.</summary>
    public static Option<string?> Create()
    {
        var option = new Option<string?>("--mechanisms")
        {
            Description = "Mechanisms of processor and kernel, separated by commas, on top of the "
                + "scenario's: isolation, no-fast-path, ...; micro list mechanisms.",
            HelpName = "LIST",
        };
        option.CompletionSources.Add(_ => Mechanisms.Names);
        return option;
    }

    /// <summary>Reads it.</summary>
    /// <exception cref="BadInputException">A name is none.</exception>
    public static IReadOnlyList<Mechanism> Read(string? text) =>
        Mechanisms.Parse(text ?? "", out var unknown)
        ?? throw new BadInputException(
            $"--mechanisms: expected some of {string.Join(", ", Mechanisms.Names)}; "
            + $"not '{unknown}'");
}
