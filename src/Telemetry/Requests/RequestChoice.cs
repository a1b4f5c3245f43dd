using System.Globalization;

namespace Telemetry.Requests;

/// <summary>Which requests of a run are looked at; always whole ones.</summary>
public abstract record RequestChoice
{
    private RequestChoice() { }

    /// <summary>How users write it.</summary>
    public const string Syntax = "all|first:N|slowest:N|every:N";

    /// <summary>Each.</summary>
    public sealed record All : RequestChoice
    {
        /// <inheritdoc/>
        public override string ToString() => "all";
    }

    /// <summary>Those that begin first.</summary>
    public sealed record First(long Count) : RequestChoice
    {
        /// <inheritdoc/>
        public override string ToString() => $"first:{Count}";
    }

    /// <summary>Those that took longest, among those that returned; of equals the
    /// earlier.</summary>
    public sealed record Slowest(int Count) : RequestChoice
    {
        /// <inheritdoc/>
        public override string ToString() => $"slowest:{Count}";
    }

    /// <summary>The first, and each that comes so many after one that is.</summary>
    public sealed record Every(long Count) : RequestChoice
    {
        /// <inheritdoc/>
        public override string ToString() => $"every:{Count}";
    }

    /// <summary>What is written so, or null.</summary>
    public static RequestChoice? Parse(string text)
    {
        if (text == "all")
        {
            return new All();
        }

        var parts = text.Split(':');
        return parts.Length == 2 && int.TryParse(
                parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > 0
            ? parts[0] switch
            {
                "first" => new First(count),
                "slowest" => new Slowest(count),
                "every" => new Every(count),
                _ => null,
            }
            : null;
    }

    /// <summary>Whether a request can be one of them, as known by its number, from 1.</summary>
    public bool MayInclude(long request) => this switch
    {
        First first => request <= first.Count,
        Every every => (request - 1) % every.Count == 0,
        _ => true,
    };
}
