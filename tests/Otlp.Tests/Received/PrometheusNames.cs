using System.Globalization;
using System.Text;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Metrics.V1;

namespace Otlp.Tests.Received;

/// <summary>
/// What Prometheus makes of OTLP, as far as Micro's metrics need it: "Prometheus and OpenMetrics
/// Compatibility" in the OpenTelemetry specification, with the strategy and the promoted attributes
/// of deploy/prometheus.yml. Prometheus' own translation is not run here: Debian's has none.
/// </summary>
internal static class PrometheusNames
{
    /// <summary>The resource's attributes that deploy/prometheus.yml makes labels.</summary>
    public static readonly string[] Promoted =
        ["micro.run", "micro.scenario", "micro.profile", "micro.seed"];

    /// <summary>All series of a request as OpenMetrics text, at one instant.</summary>
    public static string OpenMetrics(ExportMetricsServiceRequest request, long unixSeconds)
    {
        var text = new StringBuilder();
        foreach (var resource in request.ResourceMetrics)
        {
            var identity = resource.Resource.Attributes.ToDictionary(each => each.Key, Value);
            List<(string, string)> common =
            [
                ("job", $"{identity["service.namespace"]}/{identity["service.name"]}"),
                ("instance", identity["service.instance.id"]),
                .. Promoted.Select(name => (Name(name), identity[name])),
            ];
            foreach (var metric in resource.ScopeMetrics.SelectMany(scope => scope.Metrics))
            {
                Append(text, metric, common, unixSeconds);
            }
        }

        return text.Append("# EOF\n").ToString();
    }

    private static void Append(
        StringBuilder text, Metric metric, List<(string, string)> common, long at)
    {
        // A unit that is an annotation in braces is left out.
        var name = Name(metric.Name) + metric.Unit switch
        {
            "s" => "_seconds",
            ['{', .., '}'] => "",
            var unit => throw new InvalidOperationException($"{metric.Name} has unit {unit}"),
        };
        switch (metric.DataCase)
        {
            case Metric.DataOneofCase.Gauge:
                foreach (var point in metric.Gauge.DataPoints)
                {
                    Line(text, name, [.. common, .. Labels(point.Attributes)], Number(point), at);
                }

                break;
            case Metric.DataOneofCase.Sum when metric.Sum.IsMonotonic:
                foreach (var point in metric.Sum.DataPoints)
                {
                    Line(
                        text, name + "_total", [.. common, .. Labels(point.Attributes)],
                        Number(point), at);
                }

                break;
            case Metric.DataOneofCase.Histogram:
                foreach (var point in metric.Histogram.DataPoints)
                {
                    Histogram(text, name, [.. common, .. Labels(point.Attributes)], point, at);
                }

                break;
            default:
                throw new InvalidOperationException($"{metric.Name} is a {metric.DataCase}");
        }
    }

    private static void Histogram(
        StringBuilder text, string name, List<(string, string)> labels, HistogramDataPoint point,
        long at)
    {
        var below = 0UL;
        foreach (var (bound, count) in point.ExplicitBounds.Append(double.PositiveInfinity)
            .Zip(point.BucketCounts))
        {
            below += count;
            var le = double.IsPositiveInfinity(bound)
                ? "+Inf"
                : bound.ToString("R", CultureInfo.InvariantCulture);
            Line(text, name + "_bucket", [.. labels, ("le", le)], below, at);
        }

        Line(text, name + "_sum", labels, point.Sum, at);
        Line(text, name + "_count", labels, point.Count, at);
    }

    private static void Line(
        StringBuilder text, string name, IEnumerable<(string Name, string Value)> labels,
        double value, long at)
    {
        text.Append(name).Append('{').AppendJoin(',', labels.Select(label =>
        {
            var escaped = label.Value.Replace("\\", "\\\\").Replace("\"", "\\\"")
                .Replace("\n", "\\n");
            return $"{label.Name}=\"{escaped}\"";
        }));
        text.Append(CultureInfo.InvariantCulture, $"}} {value:R} {at}\n");
    }

    private static double Number(NumberDataPoint point) =>
        point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;

    private static IEnumerable<(string, string)> Labels(IEnumerable<KeyValue> attributes) =>
        attributes.Select(each => (Name(each.Key), Value(each)));

    private static string Value(KeyValue each) =>
        each.Value.ValueCase == AnyValue.ValueOneofCase.IntValue
            ? each.Value.IntValue.ToString(CultureInfo.InvariantCulture)
            : each.Value.StringValue;

    private static string Name(string name) => string.Concat(
        name.Select(each => char.IsAsciiLetterOrDigit(each) ? each : '_'));
}
