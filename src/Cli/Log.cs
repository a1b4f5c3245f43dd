using System.Globalization;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Cli;

/// <summary>How much the program says about itself.</summary>
public enum Verbosity
{
    /// <summary>Errors only.</summary>
    Quiet,
    /// <summary>Warnings too.</summary>
    Normal,
    /// <summary>What it does.</summary>
    Detailed,
    /// <summary>Everything, with the stack trace of a defect.</summary>
    Debug,
}

/// <summary>The program's own log: lines on the error output, never among the results.</summary>
internal static class Log
{
    /// <summary>A logger that writes there from a level on.</summary>
    public static Logger To(TextWriter error, Verbosity verbosity) => new LoggerConfiguration()
        .MinimumLevel.Is(verbosity switch
        {
            Verbosity.Quiet => LogEventLevel.Error,
            Verbosity.Normal => LogEventLevel.Warning,
            Verbosity.Detailed => LogEventLevel.Information,
            Verbosity.Debug => LogEventLevel.Debug,
        })
        .WriteTo.Sink(new Lines(error))
        .CreateLogger();

    private sealed class Lines(TextWriter error) : ILogEventSink
    {
        public void Emit(LogEvent logEvent)
        {
            var message = logEvent.RenderMessage(CultureInfo.InvariantCulture);
            error.WriteLine($"micro: {logEvent.Level.ToString().ToLowerInvariant()}: {message}");
        }
    }
}
