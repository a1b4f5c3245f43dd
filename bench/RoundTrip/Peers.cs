using System.Diagnostics;

namespace Bench.RoundTrip;

/// <summary>
/// Other simulators, as Debian packages them (bench/peers/install.sh). Their programs are compiled
/// into a folder beside this one when they are first needed.
/// </summary>
internal static class Peers
{
    public const string SystemCThread = "SystemC SC_THREAD";
    public const string SystemCMethod = "SystemC SC_METHOD";
    public const string Ns3 = "ns-3";
    public const string SimPy = "SimPy";

    private static readonly string s_sources = Path.Combine(AppContext.BaseDirectory, "peers");

    private static readonly string s_programs =
        Path.Combine(AppContext.BaseDirectory, "peers", "built");

    public static IReadOnlyList<Contender> All() =>
    [
        Compiled(SystemCThread, 1_000_000, "systemc-thread", "-lsystemc"),
        Compiled(SystemCMethod, 2_000_000, "systemc-method", "-lsystemc"),
        Compiled(Ns3, 1_000_000, "ns3", "-lns3-core"),
        Python(SimPy, 60_000, "simpy.py"),
    ];

    private static Contender Compiled(string name, int trips, string program, string library)
    {
        var built = Path.Combine(s_programs, program);
        Directory.CreateDirectory(s_programs);
        var missing = Try(
            "g++", "-O2", "-DNDEBUG", "-std=c++17", "-o", built,
            Path.Combine(s_sources, program + ".cpp"), library);
        return new Contender(name, trips, missing, work => Command(built, work));
    }

    private static Contender Python(string name, int trips, string program)
    {
        // Debian's python3-simpy belongs to Debian's own Python.
        const string Interpreter = "/usr/bin/python3";
        var missing = Try(Interpreter, "-c", "import SimPy.Simulation");
        return new Contender(
            name, trips, missing,
            work => Command(Interpreter, work, Path.Combine(s_sources, program)));
    }

    private static ProcessStartInfo Command(string program, Workload work, params string[] first) =>
        new(program, [.. first, $"{work.Pairs}", $"{work.TripsPerPair}"])
        {
            Environment = { ["SYSTEMC_DISABLE_COPYRIGHT_MESSAGE"] = "1" },
        };

    // The last line of what it complains about; null if it works.
    private static string? Try(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : errors.Trim().Split('\n')[0];
        }
        catch (System.ComponentModel.Win32Exception absent)
        {
            return absent.Message;
        }
    }
}
