using Abi.Costs;
using Abi.Units;
using Records;
using Telemetry.Requests;
using Telemetry.Strace;

namespace Telemetry.Waterfall;

/// <summary>From requests to what is printed of them.</summary>
/// <param name="profile">The prices of the run.</param>
public sealed class TraceDocuments(CostProfile profile)
{
    /// <summary>A line of the list.</summary>
    public ListedCall List(Request request) => new(
        request.Call.Request, request.Call.Process, request.Call.ProcessName,
        request.Call.Position, TextOf(request), request.Length, Nanoseconds(request.Length),
        request.Spans.Count());

    /// <summary>A call as a tree.</summary>
    public TracedCall Trace(string placement, Request request) => new(
        placement, request.Call.Request, request.Call.Process, request.Call.ProcessName,
        request.Call.Position, TextOf(request), request.Result is not null, request.Began,
        request.Length, Nanoseconds(request.Length), Trace(request.Root, request.Began),
        SumsOf(request, piece => piece.Cause.Name()), SumsOf(request, piece => piece.Component));

    private static string TextOf(Request request) =>
        CallText.Of(request.Call, request.Result);

    private long Nanoseconds(long cycles) => profile.Frequency.ToNanoseconds(new Cycles(cycles));

    private TracedSpan Trace(RequestSpan span, long origin) => new(
        span.Id, Abi.KebabCase.Of(span.Role.ToString()), span.Component, span.Name,
        span.Crossing is { } crossing ? Abi.KebabCase.Of(crossing.ToString()) : null,
        span.Thread, span.ThreadName, span.Core, span.Began - origin, span.Ended - origin,
        span.IsCut, span.RetryOf?.Id,
        [
            .. span.Pieces
                .GroupBy(piece => (piece.Cause, piece.Part, piece.Component))
                .Select(group => new TracedCost(
                    group.Key.Cause.Name(), group.Key.Part?.Name(), group.Key.Component,
                    group.Sum(piece => piece.Count),
                    group.Key.Part is { } part ? profile[part] : 0,
                    group.Sum(piece => piece.Length),
                    [
                        .. group.Select(piece =>
                            new TracedPiece(piece.Began - origin, piece.Ended - origin)),
                    ])),
        ],
        [.. span.Children.Select(child => Trace(child, origin))]);

    private static List<TracedSum> SumsOf(Request request, Func<RequestPiece, string> key) =>
    [
        .. request.Pieces.GroupBy(key)
            .Select(group => new TracedSum(group.Key, group.Sum(piece => piece.Length)))
            .OrderByDescending(sum => sum.Cycles)
            .ThenBy(sum => sum.Name, StringComparer.Ordinal),
    ];
}
