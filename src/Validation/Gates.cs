using Scenarios.Model;
using Scenarios.Profiles;

namespace Validation;

/// <summary>
/// How far a prediction may be off, by what was left out of the fitting. The tolerances were set
/// before any prediction was made.
/// </summary>
public static class Gates
{
    private static readonly string[] Slow =
    [
        "ipc_call_len10", "ipc_send", "process_yield", "irq_switch", "fault_to_handler",
        "fault_round_trip",
    ];

    /// <summary>The tolerance of a row, as a fraction, and the reason; null: it gates
    /// nothing.</summary>
    /// <param name="profile">The profile's name.</param>
    /// <param name="row">A published row with a metric.</param>
    /// <param name="configuration">Its mechanisms.</param>
    public static (decimal Tolerance, string Reason)? Of(
        string profile, ProfileRow row, IReadOnlyList<Mechanism> configuration)
    {
        if (row.Status != ProfileStatus.Verified)
        {
            return null;
        }

        if (row.Metric.StartsWith("getpid_filters_", StringComparison.Ordinal))
        {
            return (0.10m, "filters by number");
        }

        if (configuration.Contains(Mechanism.InterceptPtrace)
            || configuration.Contains(Mechanism.InterceptSystrap))
        {
            return (0.30m, "interception of calls");
        }

        if (row.Metric.StartsWith("sddf_", StringComparison.Ordinal))
        {
            return (0.15m, "packets by domains and load");
        }

        if (row.Metric.StartsWith("smp_", StringComparison.Ordinal))
        {
            return row.Metric.EndsWith("_c500", StringComparison.Ordinal)
                && profile is "sel4-haswell" or "sel4-sabre" or "sel4-tx1"
                ? (0.20m, "kernel lock under contention")
                : null;
        }

        if (profile.Contains("time-protection", StringComparison.Ordinal))
        {
            return (0.25m, "domain switch");
        }

        if (configuration.Contains(Mechanism.Multiprocessor)
            || configuration.Contains(Mechanism.SchedulingContexts))
        {
            return IsOfOneWindow(row.Metric)
                ? (0.15m, "fitted on one configuration, tested on another")
                : null;
        }

        if (configuration is [Mechanism.Isolation])
        {
            return row.Metric == "null_syscall" ? (0.15m, "isolation from the kernel without")
                : Slow.Contains(row.Metric) || IsShortIpc(row.Metric)
                    ? (0.10m, "isolation from the kernel without")
                    : null;
        }

        return (profile, row.Metric) switch
        {
            ("sel4-hifive", "ipc_reply") => (0.03m, "cross-space against same-space"),
            ("sel4-tx2", "ipc_call_intra" or "ipc_reply_intra") =>
                (0.03m, "cross-space equals same-space"),
            _ => null,
        };
    }

    private static bool IsShortIpc(string metric) =>
        metric is "ipc_call" or "ipc_reply" or "ipc_call_intra" or "ipc_reply_intra";

    // A signal to a process that then runs is left out: what its published window contains is not
    // known (docs/validation.md).
    private static bool IsOfOneWindow(string metric) =>
        IsShortIpc(metric) || Slow.Contains(metric)
        || metric is "null_syscall" or "ipc_call_fpu" or "notify_low_thread";
}
