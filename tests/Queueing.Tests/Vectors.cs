using System.Globalization;

namespace Queueing.Tests;

/// <summary>
/// Results of queueing theory from queue_vectors.csv: a copy of the project's reference table. They
/// were computed from the closed forms (Pollaczek-Khinchine, Erlang C, birth and death);
/// <see cref="VectorTests"/> computes some again, and says which rows no model here has.
/// </summary>
internal static class Vectors
{
    private static readonly List<(string Model, string Parameters, string Quantity, double Value)>
        Rows = Read();

    /// <summary>Model, parameters and quantity of every row.</summary>
    public static IEnumerable<(string Model, string Parameters, string Quantity)> All =>
        Rows.Select(row => (row.Model, row.Parameters, row.Quantity));

    /// <summary>All rows of a model that the kernel measures.</summary>
    /// <param name="model">As in the table.</param>
    /// <param name="parameters">As in the table.</param>
    /// <param name="unit">What one unit of time of the row is, cycles.</param>
    public static IReadOnlyList<Expected> Of(string model, string parameters, double unit)
    {
        var found = Rows
            .Where(row => row.Model == model && row.Parameters == parameters)
            .Select(row => Make(row.Quantity, row.Value, unit))
            .OfType<Expected>()
            .ToList();
        return found.Count > 0
            ? found
            : throw new ArgumentException($"no row of {model}, {parameters}", nameof(model));
    }

    /// <summary>One value of a model.</summary>
    public static double Value(string model, string parameters, string quantity) => Rows
        .Single(row => (row.Model, row.Parameters, row.Quantity) == (model, parameters, quantity))
        .Value;

    /// <summary>An expected value by its symbol; null if the kernel does not measure it.</summary>
    public static Expected? Make(string symbol, double value, double unit) => symbol switch
    {
        "L" => new(symbol, value, queue => queue.MeanInSystem!.Value),
        "Lq" => new(symbol, value, queue => queue.MeanQueueLength!.Value),
        "W" or "R" => new(symbol, value * unit, queue => queue.MeanSojournCycles!.Value),
        "Wq" => new(symbol, value * unit, queue => queue.MeanWaitCycles!.Value),
        "rho" or "U" => new(symbol, value, queue => queue.Utilisation),
        "ES" => new(symbol, value * unit, queue => queue.MeanServiceCycles!.Value),
        "ES2" => new(symbol, value * unit * unit, queue =>
            (queue.ServiceVariation!.Value + 1) * Math.Pow(queue.MeanServiceCycles!.Value, 2)),
        "scv" => new(symbol, value, queue => queue.ServiceVariation!.Value),
        "W_p99" => new(symbol, value * unit, queue => queue.SojournP99Cycles!.Value),
        "Wq_p99" => new(symbol, value * unit, queue => queue.WaitP99Cycles!.Value),
        "ErlangC" => new(symbol, value, queue => queue.Delayed!.Value),
        "p0" => new(symbol, value, queue => 1 - queue.Utilisation),
        "P_block" => new(symbol, value,
            queue => (double)queue.Blocked / (queue.Arrivals + queue.Blocked)),
        "X" => new(symbol, value / unit, queue => (double)queue.Served / queue.PeriodCycles),
        "X_per_Mcycle" => new(symbol, value / 1e6 / unit,
            queue => (double)queue.Served / queue.PeriodCycles),
        _ => null,
    };

    private static List<(string, string, string, double)> Read()
    {
        var rows = new List<(string, string, string, double)>();
        var path = Path.Combine(AppContext.BaseDirectory, "queue_vectors.csv");
        foreach (var line in File.ReadLines(path).Skip(1))
        {
            var cells = line.Split('"', StringSplitOptions.RemoveEmptyEntries);
            var rest = cells[3].Split(',', StringSplitOptions.RemoveEmptyEntries);
            rows.Add((cells[0], cells[2], rest[0],
                double.Parse(rest[1], CultureInfo.InvariantCulture)));
        }

        return rows;
    }
}
