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

    /// <summary>
    /// getpid through the kernel to the process manager and back, by the prices of the profile
    /// sel4-haswell: library 39; trap-enter 65, fast-path-call 247, address-space-switch 188,
    /// trap-leave 64; the process manager's 131; 65 + 94 + 188 + 64 on the way back.
    /// </summary>
    [Fact]
    public void A_call_across_domains_is_a_kernel_span_around_the_servers()
    {
        var request = Lab.Run(Lab.File("getpid.yaml"), "microkernel")[0].Requests[^2];
        Assert.Equal(
            [
                "Program program/getpid 0..1145: LibraryCall x1 = 39",
                "Kernel kernel/call 39..1145: TrapEnter x1 = 65, FastPathCall x1 = 247, "
                    + "AddressSpaceSwitch x1 = 188, TrapLeave x1 = 64, TrapEnter x1 = 65, "
                    + "FastPathReply x1 = 94, AddressSpaceSwitch x1 = 188, TrapLeave x1 = 64",
                "Component process-manager/process-manager 603..734: ProcessQuery x1 = 131",
            ],
            request.Spans.Select(span => Describe(span, request)));
    }

    /// <summary>
    /// A server that dies with the request: the span is cut, the next incarnation's is its retry,
    /// and what the caller waited for in between is recovery.
    /// </summary>
    [Fact]
    public void A_server_that_dies_leaves_a_cut_span_and_the_next_one_is_its_retry()
    {
        var run = Lab.Run(Lab.File("crash-file-server.yaml"), "microkernel")[0];
        var hit = run.Requests.Where(each => each.Spans.Any(span => span.IsCut)).ToList();
        Assert.Equal(run.Result.Counters["requests-failed"], hit.Count);
        foreach (var request in hit)
        {
            var cut = Assert.Single(request.Spans, span => span.IsCut);
            var retry = Assert.Single(request.Spans, span => span.RetryOf is not null);
            Assert.Same(cut, retry.RetryOf);
            Assert.Equal("file-server", cut.Component);
            Assert.Equal("file-server", retry.Component);
            Assert.True(retry.Began >= cut.Ended);
            Assert.Contains(request.Pieces, piece => piece.Cause == Cause.Recovery);
        }
    }

    /// <summary>exit() does not return: its request ends with its thread, without a
    /// result.</summary>
    [Fact]
    public void Exit_is_a_request_that_never_returns()
    {
        var scenario = Lab.Text("""
            name: leaving
            processes:
              leaver:
                program: |
                  getpid()
                  exit(3)
            """);
        foreach (var run in Lab.Run(scenario))
        {
            var exit = run.Requests[^1];
            Assert.Equal("exit", exit.Root.Name);
            Assert.Null(exit.Result);
            Assert.True(exit.Length > 0);
            AssertSound(exit);
        }
    }

    /// <summary>A panic: the calls under way never end, and no span is left open.</summary>
    [Fact]
    public void Calls_that_a_panic_kills_have_no_result()
    {
        var run = Lab.Run(Lab.File("crash-file-server.yaml"), "monolithic")[0];
        var lost = run.Requests.Count(each => each.Result is null);
        Assert.Equal(
            run.Result.Losses.Single(loss => loss.What == "calls in flight").Count, lost);
    }

    private static string Describe(RequestSpan span, Request request) =>
        $"{span.Role} {span.Component}/{span.Name} {span.Began - request.Began}.."
        + $"{span.Ended - request.Began}: " + string.Join(", ", span.Pieces.Select(piece =>
            $"{piece.Part?.ToString() ?? piece.Cause.ToString()} x{piece.Count} = {piece.Length}"));

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
