using Abi.Costs;
using Records;
using Scenarios;
using Telemetry.Requests;

namespace Tracing.Tests;

/// <summary>Requests as put together from their steps, against the ledgers of the run.</summary>
public sealed class RequestTests
{
    public static TheoryData<string> Files => [.. Lab.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void Pieces_fill_each_request_and_sum_to_the_bill_of_its_call(string file)
    {
        foreach (var (run, requests) in Lab.Run(Lab.File(file)))
        {
            requests.ForEach(AssertSound);
            foreach (var call in run.Calls)
            {
                var own = requests.Where(each => each.Root.Name == call.Name).ToList();
                Assert.Equal(call.Count, own.Count(each => each.Result is not null));
                Assert.Equal(call.Errors, own.Count(each => each.Result < 0));
                Assert.Equal(
                    call.TotalCycles,
                    own.Where(each => each.Result is not null).Sum(each => each.Length));
                Assert.Equal(
                    call.UnendedCycles,
                    own.Where(each => each.Result is null).Sum(each => each.Length));
                var causes = own.SelectMany(each => each.Pieces).GroupBy(piece => piece.Cause)
                    .ToDictionary(
                        group => group.Key.Name(), group => group.Sum(piece => piece.Length));
                Assert.Equal(
                    call.Bill.Where(line => line.Cycles > 0)
                        .OrderBy(line => line.Cause, StringComparer.Ordinal)
                        .Select(line => (line.Cause, line.Cycles)),
                    causes.OrderBy(each => each.Key, StringComparer.Ordinal)
                        .Select(each => (each.Key, each.Value)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Watching_changes_nothing(string file)
    {
        var scenario = Lab.File(file);
        var watched = Lab.Run(scenario).ConvertAll(each => each.Result.Fingerprint);
        var names = scenario.AllPlacements.Select(placement => placement.Name).ToList();
        var unwatched = new ScenarioRunner().Compare(scenario, names, new RunOptions());
        Assert.Equal(unwatched.Placements.Select(run => run.Fingerprint), watched);
    }

    private static void AssertSound(Request request)
    {
        var now = request.Began;
        foreach (var piece in request.Pieces)
        {
            Assert.Equal(now, piece.Began);
            Assert.True(piece.Ended > piece.Began);
            Assert.Equal(piece.Part is null, !piece.Cause.IsWork());
            now = piece.Ended;
        }

        Assert.Equal(request.Ended, now);
        var ids = 0;
        foreach (var span in request.Spans.OrderBy(span => span.Id))
        {
            Assert.Equal(ids++, span.Id);
            Assert.True(span.Began <= span.Ended);
            var last = span.Began;
            foreach (var child in span.Children)
            {
                Assert.True(child.Began >= last, $"{child.Name} begins before its elder ended");
                Assert.True(child.Ended <= span.Ended, $"{child.Name} outlives its parent");
                last = child.Ended;
            }

            Assert.Equal(
                span.Length,
                span.Pieces.Sum(piece => piece.Length)
                    + span.Children.Sum(child => child.Length));
        }
    }
}
