using System.Diagnostics;

namespace Bench;

/// <summary>This program once more, in a process of its own.</summary>
internal static class Child
{
    /// <summary>The command that runs this program with these arguments.</summary>
    public static ProcessStartInfo Command(params string[] arguments)
    {
        var command = new ProcessStartInfo(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(command.FileName) == "dotnet")
        {
            command.ArgumentList.Add(typeof(Child).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            command.ArgumentList.Add(argument);
        }

        return command;
    }
}
