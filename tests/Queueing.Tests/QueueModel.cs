using System.Globalization;
using Records;

namespace Queueing.Tests;

/// <summary>
/// A queue as the textbooks write it, and the scenario that is it. Where the mean service time is
/// 1, it is 100 us, 100,000 cycles of the profile `ideal`; the cycle that each iteration of a loop
/// takes is 10^-5 of it.
/// </summary>
/// <param name="Name">In Kendall's notation, with its parameters.</param>
/// <param name="Text">The scenario; {n} stands for the number of arrivals.</param>
/// <param name="Queue">The name of the observed queue.</param>
/// <param name="Theory">Expected values; times in cycles.</param>
internal sealed record QueueModel(
    string Name, string Text, string Queue, IReadOnlyList<Expected> Theory)
{
    /// <summary>The mean service time, or its unit: 100 us at 1 GHz, cycles.</summary>
    public const double Unit = 100_000;

    public override string ToString() => Name;

    /// <summary>Open arrivals, one server: lambda in requests per unit, the service as a
    /// program writes it.</summary>
    public static QueueModel Open(
        string kind, double lambda, string service, IReadOnlyList<Expected> theory) => new(
            string.Create(CultureInfo.InvariantCulture, $"{kind} lambda={lambda}"),
            Scenario(2, $$"""
              master:
                core: 0
                program: |
                  calls = ipc_serve("master")
                  repeat {n} { ipc_receive(calls); compute {{service}} }
              slaves:
                core: 1
                program: |
                  master = ipc_connect("master")
                  repeat {n} { compute {{Interval(lambda)}}; ipc_pulse(master, 1) = 0 }
            """, "master"),
            "master", theory);

    /// <summary>Open arrivals, several servers of mean service 1 at one queue.</summary>
    public static QueueModel Servers(
        int servers, double lambda, IReadOnlyList<Expected> theory) => new(
            string.Create(CultureInfo.InvariantCulture, $"M/M/{servers} lambda={lambda}"),
            Scenario(servers + 1, $$"""
              master:
                count: {{servers}}
                program: |
                  calls = ipc_serve("master", IPC_SHARED)
                  while ipc_receive(calls) == 1 { compute exponential(100us) }
              slaves:
                core: {{servers}}
                program: |
                  master = ipc_connect("master")
                  repeat {n} { compute {{Interval(lambda)}}; ipc_pulse(master, 1) = 0 }
                  repeat {{servers}} { ipc_pulse(master, 0) }
            """, "master"),
            "master", theory);

    /// <summary>Open arrivals, one server, at most so many in the system.</summary>
    public static QueueModel Bounded(
        double lambda, int most, IReadOnlyList<Expected> theory) => new(
            string.Create(CultureInfo.InvariantCulture, $"M/M/1/{most} lambda={lambda}"),
            Scenario(2, $$"""
              master:
                core: 0
                program: |
                  calls = ipc_serve("master", 0, {{most - 1}})
                  while ipc_receive(calls) == 1 { compute exponential(100us) }
              slaves:
                core: 1
                program: |
                  master = ipc_connect("master")
                  repeat {n} { compute {{Interval(lambda)}}; ipc_pulse(master, 1) }
                  while ipc_pulse(master, 0) < 0 { compute 100us }
            """, "master"),
            "master", theory);

    /// <summary>Open arrivals of two kinds, each with a server of its own; both are on one core,
    /// and one has priority. Until a time limit of {n}.</summary>
    public static QueueModel Preemptive(double urgent, double patient) => new(
        "preemptive",
        Scenario(3, $$"""
          urgent:
            core: 0
            priority: 70
            program: |
              calls = ipc_serve("urgent")
              repeat 1000000000 { ipc_receive(calls); compute exponential(100us) }
          patient:
            core: 0
            priority: 60
            program: |
              calls = ipc_serve("patient")
              repeat 1000000000 { ipc_receive(calls); compute exponential(100us) }
          hurried:
            core: 1
            program: |
              master = ipc_connect("urgent")
              repeat 1000000000 { compute {{Interval(urgent)}}; ipc_pulse(master, 1) = 0 }
          others:
            core: 2
            program: |
              master = ipc_connect("patient")
              repeat 1000000000 { compute {{Interval(patient)}}; ipc_pulse(master, 1) = 0 }
        """, "urgent, patient", "limits: { virtualTime: {n}ns }"),
        "urgent", []);

    /// <summary>
    /// Processes that think, call the process manager and wait, until a time limit of {n}: if each
    /// made so many calls, the last to end would find less company than theory has. Think and
    /// service times are exponential, in ns of mean.
    /// </summary>
    public static QueueModel Closed(
        int processes, int servers, long think, long service,
        IReadOnlyList<Expected> theory) => new(
            $"M/M/{servers}//{processes} Z={think} S={service}",
            Scenario(processes + servers, $$"""
              slave:
                count: {{processes}}
                firstCore: {{servers}}
                program: |
                  repeat 1000000000 { compute exponential({{think}}ns); getpid() }
            """, "process-manager", $$"""

            components:
              process-manager:
                {{(servers == 1 ? "core: 0" : "priority: 128")}}
                concurrency: {{servers}}
                work: exponential({{service}}ns)

            limits: { virtualTime: {n}ns }
            """),
            "process-manager", theory);

    private static string Interval(double lambda) => string.Create(
        CultureInfo.InvariantCulture, $"exponential({Math.Round(Unit / lambda)}ns)");

    private static string Scenario(int cores, string processes, string queue, string more = "") =>
        $$"""
        name: a queue
        machine: { cores: {{cores}}, profile: ideal }
        {{more}}
        processes:
        {{processes}}
        observe: [{{queue}}]
        """;
}

/// <summary>A value that theory gives.</summary>
/// <param name="Quantity">The symbol.</param>
/// <param name="Value">Its value; times in cycles.</param>
/// <param name="Measured">What the kernel measured instead.</param>
internal sealed record Expected(
    string Quantity, double Value, Func<QueueStatistics, double> Measured);
