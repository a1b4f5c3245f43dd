namespace Cli;

/// <summary>The keyboard and the window of a terminal.</summary>
internal interface IKeyboard
{
    /// <summary>Columns and lines of the window, now.</summary>
    (int Width, int Height) Size { get; }

    /// <summary>Waits for a key; null: interrupted.</summary>
    ConsoleKeyInfo? Read(CancellationToken interrupted);
}

/// <summary>Those of the console that the program runs in.</summary>
internal sealed class ConsoleKeyboard : IKeyboard
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(15);

    /// <inheritdoc/>
    public (int Width, int Height) Size => (Console.WindowWidth, Console.WindowHeight);

    /// <inheritdoc/>
    public ConsoleKeyInfo? Read(CancellationToken interrupted)
    {
        // Console.ReadKey would not hear of Ctrl-C.
        while (!Console.KeyAvailable)
        {
            if (interrupted.WaitHandle.WaitOne(Patience))
            {
                return null;
            }
        }

        return Console.ReadKey(intercept: true);
    }
}
