namespace Queueing.Tests;

/// <summary>The table of expected values, some of it computed again.</summary>
public sealed class VectorTests
{
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
        Assert.Equal(
            waiting / (servers - load),
            Vectors.Value(
                "M/M/c", FormattableString.Invariant($"c={servers} lambda={load:0.0} mu=1"), "Wq"),
            9);
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
