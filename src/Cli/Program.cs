using System.Text;
using Cli;
using Scenarios;

// What the locale says, before the encoding is changed. An unset locale is taken for UTF-8.
string?[] locales =
[
    Environment.GetEnvironmentVariable("LC_ALL"),
    Environment.GetEnvironmentVariable("LC_CTYPE"),
    Environment.GetEnvironmentVariable("LANG"),
];
var isUtf8 = Console.OutputEncoding.CodePage == Encoding.UTF8.CodePage
    && Array.Find(locales, locale => !string.IsNullOrEmpty(locale)) is not ("C" or "POSIX");
try
{
    Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
}
catch (IOException)
{
    // No console at all: what is written is UTF-8 anyway.
}

using var interruption = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    // The first ends the run where it is, the second the program.
    pressed.Cancel = !interruption.IsCancellationRequested;
    interruption.Cancel();
};

var isQuietTerminal = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
    || Environment.GetEnvironmentVariable("TERM") == "dumb";
var terminal = new Terminal
{
    Output = Console.Out,
    Error = Console.Error,
    HasColor = !Console.IsOutputRedirected && !isQuietTerminal,
    ShowsProgress = !Console.IsErrorRedirected && !isQuietTerminal,
    Width = Console.IsOutputRedirected ? Terminal.FileWidth : Console.WindowWidth,
    Variable = Environment.GetEnvironmentVariable,
    IsUtf8 = isUtf8,
    Input = () => Console.In,
    Keyboard = Console.IsInputRedirected || Console.IsOutputRedirected
        || Environment.GetEnvironmentVariable("TERM") is null or "dumb"
            ? null
            : new ConsoleKeyboard(),
    Interrupted = interruption.Token,
};
return (int)new Micro(terminal, new ScenarioRunner()).Run(args);
