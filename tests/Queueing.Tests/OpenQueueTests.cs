using Records;
using Xunit.Abstractions;

namespace Queueing.Tests;

/// <summary>
/// The kernel's queues against theory: 30 fixed seeds of 200,000 arrivals each. What the suite runs
/// is a part; MICRO_QUEUES=all runs all models.
/// </summary>
public sealed class OpenQueueTests(ITestOutputHelper output)
{
    private const int Seeds = 30;
    private const int Arrivals = 200_000;

    private static readonly List<QueueModel> Models =
    [
        Exponential(0.5), MM1(0.7), Exponential(0.9),
        Constant(0.5), MD1(0.8), Constant(0.9),
        MG1(), MMc(2, 1.5), MMc(4, 3.2), MMc(8, 6.0), Bounded(),
    ];

    /// <summary>The rows of the reference table that the models here are compared
    /// with.</summary>
    internal static IReadOnlyList<(string Model, string Parameters)> Rows { get; } =
    [
        ("M/M/1", "lambda=0.7 mu=1"), ("M/D/1", "lambda=0.8 D=1"), (Empirical.Model, Empirical.Row),
        ("M/M/c", "c=2 lambda=1.5 mu=1"), ("M/M/c", "c=4 lambda=3.2 mu=1"),
        ("M/M/c", "c=8 lambda=6.0 mu=1"), ("M/M/1/K", "lambda=0.9 mu=1 K=10"), Preemptive,
    ];

    private static (string Model, string Row) Empirical =>
        ("M/G/1", "S={500:0.9,5000:0.1} lambda=1/1250");

    private static (string Model, string Row) Preemptive =>
        ("M/G/1 preemptive-resume prio", "exp S=1, lambda1=0.3 lambda2=0.4");

    private static readonly string[] InSuite =
    [
        "M/M/1 lambda=0.5", "M/M/1 lambda=0.9", "M/D/1 lambda=0.8", "M/G/1 lambda=0.8",
        "M/M/4 lambda=3.2", "M/M/1/10 lambda=0.9",
    ];

    public static TheoryData<string> Names =>
    [
        .. Models.Select(model => model.Name)
            .Where(name => QueueLab.RunsAll || InSuite.Contains(name)),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Theory_lies_inside_the_confidence_interval_over_30_seeds(string name)
    {
        var number = Models.FindIndex(each => each.Name == name);
        var model = Models[number];
        var queues = QueueLab.Runs(model, 1 + 100 * number, Seeds, Arrivals);
        Assert.All(queues, queue => Assert.True(queue.Stable));
        foreach (var expected in model.Theory)
        {
            Compare(name, expected, queues);
        }
    }

    // Two servers on one core: the scheduler's preemption is the queue's. Of M/M/1 with priority
    // over the other, and of one that works when the other does not.
    [Fact]
    public void A_server_of_higher_priority_preempts_another_as_theory_has_it()
    {
        var arrivals = QueueLab.RunsAll ? Arrivals : Arrivals / 10;
        var runs = new IReadOnlyList<QueueStatistics>[Seeds];
        Parallel.For(0, Seeds, seed =>
            runs[seed] = QueueLab.Run(
                QueueModel.Preemptive(0.3, 0.4), 5001 + seed,
                (long)(arrivals / 0.7 * QueueModel.Unit)).Queues);
        foreach (var (server, quantity) in new[] { ("urgent", "T1"), ("patient", "T2") })
        {
            var theory = Vectors.Value(Preemptive.Model, Preemptive.Row, quantity);
            QueueStatistics[] queues =
                [.. runs.Select(run => run.Single(queue => queue.Name == server))];
            Assert.All(queues, QueueLab.AssertLittle);
            Compare(
                "preemptive", Vectors.Make("W", theory, QueueModel.Unit)! with
                {
                    Quantity = quantity,
                },
                queues);
        }
    }

    private void Compare(
        string name, Expected expected, IReadOnlyList<QueueStatistics> queues)
    {
        var (mean, halfWidth) = QueueLab.Interval([.. queues.Select(expected.Measured)]);
        var error = mean / expected.Value - 1;
        var line = $"{name} {expected.Quantity}: theory {expected.Value:G6}, measured "
            + $"{mean:G6} ({error:+0.00%;-0.00%}), interval +-{halfWidth / mean:0.00%}";
        output.WriteLine(line);
        Assert.True(Math.Abs(mean - expected.Value) <= halfWidth, line);
        Assert.True(!name.EndsWith("=0.5") || Math.Abs(error) < 0.01, line);
    }

    // W and the rest follow from S = 1 and Wq by Little's law.
    private static IReadOnlyList<Expected> From(double lambda, double wait) =>
    [
        Vectors.Make("rho", lambda, QueueModel.Unit)!,
        Vectors.Make("Wq", wait, QueueModel.Unit)!,
        Vectors.Make("W", wait + 1, QueueModel.Unit)!,
        Vectors.Make("Lq", lambda * wait, QueueModel.Unit)!,
        Vectors.Make("L", lambda * (wait + 1), QueueModel.Unit)!,
    ];

    private static QueueModel Exponential(double lambda) => QueueModel.Open(
        "M/M/1", lambda, "exponential(100us)",
        [
            .. From(lambda, lambda / (1 - lambda)),
            Vectors.Make("W_p99", Math.Log(100) / (1 - lambda), QueueModel.Unit)!,
            Vectors.Make("Wq_p99", Math.Log(100 * lambda) / (1 - lambda), QueueModel.Unit)!,
            // Of one server: an arrival waits if it is busy.
            Vectors.Make("ErlangC", lambda, QueueModel.Unit)!,
        ]);

    private static QueueModel Constant(double lambda) => QueueModel.Open(
        "M/D/1", lambda, "100us", From(lambda, lambda / (2 * (1 - lambda))));

    private static QueueModel MM1(double lambda) => QueueModel.Open(
        "M/M/1", lambda, "exponential(100us)",
        Vectors.Of("M/M/1", $"lambda={lambda:0.0} mu=1", QueueModel.Unit));

    private static QueueModel MD1(double lambda) => QueueModel.Open(
        "M/D/1", lambda, "100us",
        Vectors.Of("M/D/1", $"lambda={lambda:0.0} D=1", QueueModel.Unit));

    // The table's unit is a cycle; here it is 100, so that loops weigh nothing.
    private static QueueModel MG1() => QueueModel.Open(
        "M/G/1", QueueModel.Unit / 125_000, "choice(50us: 9, 500us: 1)",
        Vectors.Of(Empirical.Model, Empirical.Row, 100));

    private static QueueModel MMc(int servers, double lambda) => QueueModel.Servers(
        servers, lambda,
        Vectors.Of("M/M/c", $"c={servers} lambda={lambda:0.0} mu=1", QueueModel.Unit));

    private static QueueModel Bounded() => QueueModel.Bounded(
        0.9, 10, Vectors.Of("M/M/1/K", "lambda=0.9 mu=1 K=10", QueueModel.Unit));
}
