using System.Globalization;
using Cli.Glossary;
using Records;
using Scenarios;
using Scenarios.Profiles;
using Telemetry.Html;
using Telemetry.Requests;
using RequestChoice = Telemetry.Html.RequestChoice;

namespace Cli.Commands;

/// <summary>
/// The page of `--html`. Which requests it shows is known only when all have been seen, so they
/// are picked in a second run, which is the same as the first.
/// </summary>
internal sealed class HtmlPage : IRunOutput
{
    private readonly string path;
    private readonly string scenarioFile;
    private readonly int limit;
    private readonly LoadedProfile profile;
    private readonly Func<Func<string, IRequestSink?>, Comparison> runAgain;
    private readonly OrderedDictionary<string, RunSurvey> surveys = [];

    /// <summary>Nothing is written before the end.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scenarioFile">The scenario's.</param>
    /// <param name="limit">The most requests to show.</param>
    /// <param name="profile">Whose prices the run is charged.</param>
    /// <param name="runAgain">Runs the same again, with these readers.</param>
    /// <exception cref="BadInputException">The file cannot be written.</exception>
    public HtmlPage(
        string path, string scenarioFile, int limit, LoadedProfile profile,
        Func<Func<string, IRequestSink?>, Comparison> runAgain)
    {
        (this.path, this.scenarioFile, this.limit) = (path, scenarioFile, limit);
        (this.profile, this.runAgain) = (profile, runAgain);
        if (path == "-" || Directory.Exists(path)
            || !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path))))
        {
            throw Unwritable($"not '{path}'");
        }
    }

    /// <summary>Who reads what becomes of a placement's calls.</summary>
    public IRequestSink? Requests(string placement)
    {
        var survey = new RunSurvey(limit);
        surveys[placement] = survey;
        return survey;
    }

    /// <summary>Runs again for the requests that are shown, and writes the page.</summary>
    public void Finish(Comparison comparison)
    {
        var choice = RequestChoice.Of([.. surveys.Select(each => (each.Key, each.Value))], limit);
        var requests = surveys.Keys.ToDictionary(name => name, _ => new List<Request>());

        // A run that was interrupted would be interrupted somewhere else.
        if (comparison.Placements.All(run => run.End != RunEnd.Interrupted))
        {
            var again = runAgain(placement => new RequestBuilder(
                requests[placement].Add, call => choice.Contains(CallKey.Of(call))));
            if (again.Placements.All(run => run.End != RunEnd.Interrupted)
                && !again.Placements.Select(run => run.Fingerprint)
                    .SequenceEqual(comparison.Placements.Select(run => run.Fingerprint)))
            {
                throw new InvalidOperationException("the same run again was another run");
            }
        }

        var observations = surveys.ToDictionary(
            each => each.Key, each => new Observation(each.Value, requests[each.Key]));
        try
        {
            File.WriteAllText(
                path, HtmlReport.Write(comparison, observations, choice, Sources()));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(exception.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() { }

    private static BadInputException Unwritable(string why) =>
        new($"expected a file that can be written behind --html: {why}");

    private ReportSources Sources()
    {
        var words = new Dictionary<string, string>();
        foreach (var entry in Words.All)
        {
            if (entry.Kind is WordKind.Cause or WordKind.Part or WordKind.Counter
                or WordKind.Component or WordKind.Mechanism or WordKind.Syscall)
            {
                words.TryAdd(entry.Word, entry.Text);
            }
        }

        return new ReportSources(
            typeof(HtmlPage).Assembly.GetName().Version?.ToString(3) ?? "",
            Path.GetFileName(scenarioFile), profile.Description, profile.ClockSource,
            [.. profile.Entries.Select(Price)], words);
    }

    private PriceSource Price(ProfileEntry entry)
    {
        var terms = entry.Derivation
            .Split([' ', '(', ')'], StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        return new PriceSource(
            entry.Name, entry.Amount, entry.Unit == "words" ? "words" : "cycles",
            StatusOf(entry.Status), entry.Source, entry.Borrowed,
            entry.Derivation.Length == 0
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{entry.Derivation} = {entry.Value:0.###} {entry.Unit}"),
            [
                .. profile.Rows.Where(row => terms.Contains(row.Id)).Select(row => new FigureSource(
                    row.Id,
                    string.Create(CultureInfo.InvariantCulture, $"{row.Value} {row.Unit}")
                        + (row.Cpu.Length == 0 ? "" : $" on {row.Cpu}"),
                    StatusOf(row.Status), row.Source)),
            ]);
    }

    private static string StatusOf(ProfileStatus status) => status.ToString().ToUpperInvariant();
}
