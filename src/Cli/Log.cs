using System.Diagnostics;
using System.Globalization;
using Scenarios;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.OpenTelemetry;
using Telemetry.OpenTelemetry;

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

/// <summary>Where the log of a run goes besides the error output.</summary>
/// <param name="Run">Which run it is.</param>
/// <param name="File">A file that it is appended to, or null.</param>
/// <param name="Endpoint">An OTLP server, or null.</param>
internal sealed record LogTargets(RunIdentity Run, string? File, OtlpEndpoint? Endpoint);

/// <summary>
/// The program's own log: lines on the error output, never among the results; and in a file and at
/// an OTLP server, where what it does is always told. All events carry the run's trace id.
/// </summary>
internal sealed class Log : IDisposable
{
    private const string FileLine =
        "{Timestamp:O} {Level:u3} {TraceId} {Message:lj}{NewLine}{Exception}";

    private readonly Logger logger;
    private readonly Failures failures = new();

    /// <summary>Opens all its targets.</summary>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public Log(TextWriter error, Verbosity verbosity, LogTargets targets)
    {
        var shown = LevelOf(verbosity);

        // A file is read later, by somebody who wants to know what was done.
        var kept = shown < LogEventLevel.Information ? shown : LogEventLevel.Information;
        var all = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .WriteTo.Sink(new Lines(error), shown);
        if (targets.File is { } file)
        {
            Open(file);
            all.WriteTo.Fallible(
                to => to.File(file, kept, FileLine, CultureInfo.InvariantCulture), failures);
        }

        if (targets.Endpoint is { } endpoint)
        {
            all.WriteTo.Sink(
                new Sent(
                    new LoggerConfiguration()
                        .AuditTo.OpenTelemetry(
                            options => Configure(options, endpoint, targets.Run))
                        .CreateLogger(),
                    failures, endpoint.Uri),
                kept);
        }

        logger = new LoggerConfiguration()
            .MinimumLevel.Is(shown < kept ? shown : kept)
            .WriteTo.Sink(new InTrace(all.CreateLogger(), targets.Run.Id.TraceId(0)))
            .CreateLogger();
    }

    /// <summary>Where events are written.</summary>
    public ILogger Events => logger;

    /// <summary>Closes all targets; after that nothing is logged.</summary>
    /// <returns>What did not arrive, in a message for the user, or null.</returns>
    public string? Close()
    {
        logger.Dispose();
        return failures.First is { } why ? $"not all of the log arrived: {why}" : null;
    }

    /// <inheritdoc/>
    public void Dispose() => logger.Dispose();

    private static LogEventLevel LevelOf(Verbosity verbosity) => verbosity switch
    {
        Verbosity.Quiet => LogEventLevel.Error,
        Verbosity.Normal => LogEventLevel.Warning,
        Verbosity.Detailed => LogEventLevel.Information,
        Verbosity.Debug => LogEventLevel.Debug,
    };

    // The sink would only say so to itself.
    private static void Open(string file)
    {
        try
        {
            using var opened = new FileStream(file, FileMode.Append);
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BadInputException(
                $"expected a file that can be written behind --log-file: {exception.Message}",
                exception);
        }
    }

    private static void Configure(
        OpenTelemetrySinkOptions options, OtlpEndpoint endpoint, RunIdentity run)
    {
        options.LogsEndpoint = endpoint.Uri.ToString();
        options.Protocol = endpoint.Transport switch
        {
            OtlpTransport.Grpc => OtlpProtocol.Grpc,
            OtlpTransport.HttpProtobuf => OtlpProtocol.HttpProtobuf,
        };
        foreach (var (name, value) in endpoint.HeaderPairs())
        {
            options.Headers[name] = value;
        }

        options.ResourceAttributes = new Dictionary<string, object>(run.Attributes)
        {
            ["service.name"] = "micro",
            ["service.namespace"] = "micro",
            ["service.instance.id"] = run.Id.ToString(),
        };
        options.FormatProvider = CultureInfo.InvariantCulture;
    }

    private sealed class Lines(TextWriter error) : ILogEventSink
    {
        public void Emit(LogEvent logEvent)
        {
            var message = logEvent.RenderMessage(CultureInfo.InvariantCulture);
            error.WriteLine($"micro: {logEvent.Level.ToString().ToLowerInvariant()}: {message}");
        }
    }

    // Serilog takes the trace id from the current activity. There is none: the spans of a run are
    // made after the fact, and each has a trace of its own.
    private sealed class InTrace(Logger next, ActivityTraceId trace) : ILogEventSink, IDisposable
    {
        public void Emit(LogEvent logEvent) => next.Write(new LogEvent(
            logEvent.Timestamp, logEvent.Level, logEvent.Exception, logEvent.MessageTemplate,
            logEvent.Properties.Select(each => new LogEventProperty(each.Key, each.Value)),
            trace, default));

        public void Dispose() => next.Dispose();
    }

    // Event by event: the sink that sends batches tells nobody but Serilog's own diagnostics that
    // one was lost, and there are few events.
    private sealed class Sent(Logger audit, Failures failures, Uri uri) : ILogEventSink, IDisposable
    {
        private bool isBroken;

        public void Emit(LogEvent logEvent)
        {
            if (isBroken)
            {
                return;
            }

            try
            {
                audit.Write(logEvent);
            }
            catch (AggregateException exception)
            {
                isBroken = true;
                failures.Add(
                    $"expected an OTLP receiver at {uri} ({exception.GetBaseException().Message})");
            }
        }

        public void Dispose() => audit.Dispose();
    }

    private sealed class Failures : ILoggingFailureListener
    {
        private string? first;

        public string? First => Volatile.Read(ref first);

        public void OnLoggingFailed(
            object sender, LoggingFailureKind kind, string message,
            IReadOnlyCollection<LogEvent>? events, Exception? exception)
        {
            // What is temporary is tried again.
            if (kind != LoggingFailureKind.Temporary)
            {
                Add(exception?.Message ?? message);
            }
        }

        public void Add(string why) =>
            Interlocked.CompareExchange(ref first, why.Split('\n', 2)[0].TrimEnd(), null);
    }
}
