namespace Queueing.Tests;

/// <summary>The table of expected values, some of it computed again.</summary>
public sealed class VectorTests
{
    // Why no simulation is compared with a row.
    private static string? ReasonToLeaveOut(string model, string parameters, string quantity) =>
        (model, parameters, quantity) switch
        {
            ("M/M/1", "lambda=0.95 mu=1", _) => "theory is asked for up to 90 % load",
            ("M/M/c", _, "ErlangB") =>
                "the kernel has no queue without a place to wait; it is a step to ErlangC",
            ("M/G/1 nonpreemptive prio", _, _) =>
                "pulses wait in order of arrival: a queue of the kernel's has no classes",
            _ => null,
        };

    private static bool IsCompared(string model, string parameters, string quantity) =>
        (OpenQueueTests.Rows.Contains((model, parameters))
            || ClosedQueueTests.AllRows.Contains((model, parameters)))
        && (Vectors.Make(quantity, 1, 1) is not null
            || quantity is "bound_min" or "T1" or "T2");

    [Fact]
    public void Every_row_is_compared_with_a_simulation_or_there_is_a_reason_why_not() =>
        Assert.All(Vectors.All, row => Assert.True(
            IsCompared(row.Model, row.Parameters, row.Quantity)
                ^ ReasonToLeaveOut(row.Model, row.Parameters, row.Quantity) is not null,
            $"{row}"));

    // The time in the system is exponential with mean 1 / (1 - lambda); the wait is so too for the
    // part lambda of the requests that wait.
    [Fact]
    public void Of_one_exponential_server_what_99_of_100_need()
    {
        Assert.Equal(
            Math.Log(100) / (1 - 0.7), Vectors.Value("M/M/1", "lambda=0.7 mu=1", "W_p99"), 9);
        Assert.Equal(
            Math.Log(100 * 0.7) / (1 - 0.7),
            Vectors.Value("M/M/1", "lambda=0.7 mu=1", "Wq_p99"), 9);
    }

    [Theory]
    [InlineData(0.7)]
    [InlineData(0.95)]
    public void Of_one_exponential_server(double lambda) => Assert.Equal(
        lambda / (1 - lambda),
        Vectors.Value("M/M/1", FormattableString.Invariant($"lambda={lambda} mu=1"), "Wq"), 9);

    [Fact]
    public void Of_constant_service_by_Pollaczek_and_Khinchine() => Assert.Equal(
        0.8 / (2 * 0.2), Vectors.Value("M/D/1", "lambda=0.8 D=1", "Wq"), 9);

    [Fact]
    public void Of_empirical_service_by_Pollaczek_and_Khinchine()
    {
        const double Lambda = 1 / 1250.0;
        const double Square = 0.9 * 500 * 500 + 0.1 * 5000 * 5000;
        const double Load = Lambda * (0.9 * 500 + 0.1 * 5000);
        Assert.Equal(
            Lambda * Square / (2 * (1 - Load)),
            Vectors.Value("M/G/1", "S={500:0.9,5000:0.1} lambda=1/1250", "Wq"), 9);
    }

    [Theory]
    [InlineData(2, 1.5)]
    [InlineData(4, 3.2)]
    [InlineData(8, 6.0)]
    public void Of_several_servers_by_Erlang(int servers, double load)
    {
        var blocking = 1.0;
        for (var i = 1; i <= servers; i++)
        {
            blocking = load * blocking / (i + load * blocking);
        }

        var waiting = servers * blocking / (servers - load * (1 - blocking));
        var parameters = FormattableString.Invariant($"c={servers} lambda={load:0.0} mu=1");
        Assert.Equal(blocking, Vectors.Value("M/M/c", parameters, "ErlangB"), 9);
        Assert.Equal(waiting, Vectors.Value("M/M/c", parameters, "ErlangC"), 9);
        Assert.Equal(waiting / (servers - load), Vectors.Value("M/M/c", parameters, "Wq"), 9);
    }

    [Theory]
    [InlineData(4, 1000, 1000)]
    [InlineData(8, 10_000, 1500)]
    [InlineData(16, 20_000, 1000)]
    [InlineData(48, 64_000, 2000)]
    public void Of_closed_queues_by_mean_value_analysis(int processes, double think, double service)
        => Assert.Equal(
            MeanValues(processes, think, service).Response,
            Vectors.Value("M/M/1//N", $"N={processes} Z={think} S={service} cycles", "R"), 6);

    /// <summary>Exact mean-value analysis of a closed queue with one server (Reiser and Lavenberg,
    /// Journal of the ACM 27(2), 1980).</summary>
    internal static (double Response, double Throughput) MeanValues(
        int processes, double think, double service)
    {
        var (queue, response, throughput) = (0.0, 0.0, 0.0);
        for (var n = 1; n <= processes; n++)
        {
            response = service * (1 + queue);
            throughput = n / (think + response);
            queue = throughput * response;
        }

        return (response, throughput);
    }
}
