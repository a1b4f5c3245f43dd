using System.Globalization;
using Abi.Costs;
using Abi.Kernel;
using Abi.Units;
using LibSys;
using Machine;
using Machine.Devices;
using Microkernel;
using Microkernel.Accounting;
using Microkernel.Objects;
using Microkernel.Placing;
using Programs;
using Programs.Interpreter;
using Records;
using Scenarios.Expectations;
using Scenarios.Import;
using Scenarios.Model;
using Scenarios.Profiles;
using Servers.Console;
using Servers.Disk;
using Servers.Files;
using Servers.Naming;
using Servers.Net;
using Servers.Processes;
using Servers.Reincarnation;
using Servers.Timers;

namespace Scenarios;

/// <summary>
/// The composition root: from a scenario, its cost profile and a placement to a machine, and from
/// its runs to
/// a comparison.
/// </summary>
public sealed class ScenarioRunner : IScenarioRunner
{
    /// <summary>Priority of processes that ask for none.</summary>
    public const int ProcessPriority = 64;

    /// <summary>Priority of servers that ask for none: above the processes that they
    /// serve.</summary>
    public const int ServerPriority = 128;

    /// <summary>Priority of drivers that ask for none: above the servers that wait for
    /// them.</summary>
    public const int DriverPriority = 160;

    private const int FileServerConcurrency = 8;
    private const int DriverConcurrency = 32;
    private const int ServerConcurrency = 4;

    /// <inheritdoc/>
    public Comparison Compare(
        Scenario scenario, IReadOnlyList<string> placements, RunOptions options)
    {
        var profile = LoadProfile(scenario, options.Profile ?? scenario.Machine.Profile);
        profile = options.Vary?.Invoke(profile) ?? profile;
        var warnings = new List<string>();
        var disk = MakeDisk(scenario, warnings);
        var seed = options.Seed ?? scenario.Seed;
        var results = new List<RunResult>();
        foreach (var name in placements)
        {
            var placement = scenario.AllPlacements.FirstOrDefault(known => known.Name == name)
                ?? throw new BadInputException(
                    $"{name}: expected a placement of this scenario: "
                    + string.Join(", ", scenario.AllPlacements.Select(known => known.Name)));
            options.PlacementBegins?.Invoke(name);
            results.Add(new PlacementRun(scenario, placement, profile, seed, options)
                .Run(disk.Clone(), plan => new Board(plan)));
            if (options.Cancellation.IsCancellationRequested)
            {
                break;
            }
        }

        var comparison = new Comparison
        {
            Scenario = scenario.Name,
            Seed = seed,
            Profile = profile.Name,
            Mechanisms =
            [
                .. scenario.Machine.Mechanisms.Concat(options.Mechanisms)
                    .Select(each => Mechanisms.Names[(int)each]),
            ],
            FrequencyHertz = profile.Frequency.Hertz,
            Placements = results,
            Ratios = Ratios(results),
            Warnings = warnings,
        };
        return comparison with
        {
            Expectations = new ExpectationEvaluator(comparison).Evaluate(scenario.Expect),
        };
    }

    /// <summary>
    /// One run, for tests: in any placement, on a disk of their own if they give one, on a board
    /// that they
    /// make of the plan, or of what they make of the plan.
    /// </summary>
    internal static RunResult Run(
        Scenario scenario, Placement placement, DiskImage? disk, RunOptions options,
        Func<BoardOptions, Board> makeBoard)
    {
        var profile = LoadProfile(scenario, options.Profile ?? scenario.Machine.Profile);
        return new PlacementRun(
            scenario, placement, profile, options.Seed ?? scenario.Seed, options)
            .Run(disk ?? MakeDisk(scenario, []), makeBoard);
    }

    private static List<CallRatio> Ratios(List<RunResult> results)
    {
        var ratios = new List<CallRatio>();
        if (results.Count < 2)
        {
            return ratios;
        }

        var last = results[^1];
        foreach (var result in results.SkipLast(1))
        {
            foreach (var call in result.Calls)
            {
                var against = last.Calls.FirstOrDefault(other => other.Name == call.Name);
                if (against is { MeanCycles: > 0 })
                {
                    ratios.Add(new CallRatio(
                        call.Name, result.Name, last.Name, call.MeanCycles / against.MeanCycles));
                }
            }
        }

        return ratios;
    }

    private static CostProfile LoadProfile(Scenario scenario, string name)
    {
        var loaded = ProfileLoader.Find(name, scenario.Sources.Directory);
        return loaded.Profile?.Profile ?? throw new BadInputException(loaded.Diagnostics);
    }

    private static DeviceProfile Loaded(DeviceLoadResult device) =>
        device.Device ?? throw new BadInputException(device.Diagnostics);

    private static DiskImage MakeDisk(Scenario scenario, List<string> warnings)
    {
        try
        {
            if (scenario.Disk.From is not { } from)
            {
                return scenario.Disk.Size is { } size
                    ? DirectoryImporter.Empty(size.Count)
                    : DirectoryImporter.Empty();
            }

            var imported = DirectoryImporter.Import(
                Path.Combine(scenario.Sources.Directory, from), scenario.Disk.Size?.Count);
            warnings.AddRange(imported.Warnings);
            return imported.Image;
        }
        catch (ImportException exception)
        {
            throw new BadInputException(
                [scenario.Sources.Diagnose("disk.from", exception.Message)]);
        }
    }

    /// <summary>One run: a scenario in one placement.</summary>
    private sealed class PlacementRun(
        Scenario scenario, Placement placement, CostProfile profile, long seed, RunOptions options)
        : IProgramObserver
    {
        private readonly List<string> failedResults = [];
        private readonly List<FileDigest> files = [];
        private readonly DeviceProfile diskDevice =
            Loaded(DeviceProfiles.Find(scenario.Disk.Device));
        private readonly DeviceProfile networkDevice =
            Loaded(DeviceProfiles.Find(scenario.Network.Device));

        public RunResult Run(DiskImage disk, Func<BoardOptions, Board> makeBoard)
        {
            using var board = makeBoard(Plan(disk));
            try
            {
                var result = board.Run(placement.Name, options.Cancellation);
                return result with { FailedResults = failedResults, Files = files };
            }
            catch (SimulatorDefectException exception)
            {
                throw new DefectException(exception.Message, exception)
                {
                    Placement = placement.Name,
                    Seed = seed,
                    VirtualCycles = board.Engine.NowCycles,
                    EventNumber = board.Engine.Steps,
                };
            }
        }

        public void ResultDiffers(in ResultDifference difference) => failedResults.Add(
            $"{difference.Process}[{difference.Index}], line {difference.Line}: {difference.Call} "
            + $"= {difference.Actual}, expected {difference.Expected}");

        public void FileDigested(string path, long bytes, string sha256) =>
            files.Add(new FileDigest(path, bytes, sha256));

        private BoardOptions Plan(DiskImage disk)
        {
            return new BoardOptions
            {
                Kernel = PlanKernel(),
                Profile = WithOverrides(),
                Components = [.. PlanComponents(disk)],
                Programs = [.. scenario.Processes.Select(PlanProgram)],
                Processes = [.. PlanProcesses()],
                Faults = [.. scenario.Faults.Select(PlanFault)],
                TimeLimit = InCycles(scenario.Limits.VirtualTime.Count),
                CallLimit = scenario.Limits.Calls,
                Trace = options.Trace?.Invoke(placement.Name),
                Requests = options.Requests?.Invoke(placement.Name),
                Calls = options.Calls?.Invoke(placement.Name),
                Progress = options.Progress is { } progress
                    ? (calls, cycles, events) => progress.Report(
                        new RunProgress(placement.Name, calls, cycles, events))
                    : null,
            };
        }

        private KernelOptions PlanKernel()
        {
            var machine = scenario.Machine;
            var kernel = new KernelOptions
            {
                Cores = machine.Cores,
                KernelLock = machine.KernelLock switch
                {
                    KernelLock.Big => KernelLockPolicy.Big,
                    KernelLock.PerObject => KernelLockPolicy.PerObject,
                },
                DomainLock = placement.Lock switch
                {
                    DomainLock.Big => LockPolicy.Big,
                    DomainLock.Component => LockPolicy.Component,
                },
                ReceiveOrder = machine.ReceiveOrder switch
                {
                    Model.ReceiveOrder.Fifo => Microkernel.Placing.ReceiveOrder.Fifo,
                    Model.ReceiveOrder.Priority => Microkernel.Placing.ReceiveOrder.Priority,
                    Model.ReceiveOrder.NotificationsFirst =>
                        Microkernel.Placing.ReceiveOrder.NotificationsFirst,
                },
                WorkingSet = Set(machine.KernelWorkingSet),
                Deadlocks = machine.Deadlocks switch
                {
                    Deadlocks.Detect => DeadlockPolicy.Detect,
                    Deadlocks.Forbid => DeadlockPolicy.Forbid,
                    Deadlocks.Hang => DeadlockPolicy.Hang,
                },
                Observed = scenario.Observe,
            };
            kernel = kernel.With([.. machine.Mechanisms, .. options.Mechanisms]);
            if (kernel.UserCrossing != UserCrossing.Ipc && scenario.Faults.Count > 0)
            {
                throw new BadInputException(
                    [
                        scenario.Sources.Diagnose(
                            "faults",
                            "expected no faults: crashes behind vmfunc and protection-keys are not "
                            + "modelled"),
                    ]);
            }

            return kernel;
        }

        private static WorkingSet Set(WorkingSetSize? size) => size is null
            ? WorkingSet.Default
            : new WorkingSet(size.Pages, size.Lines);

        private CostProfile WithOverrides() => profile.WithDelays(
            scenario.Machine.Quantum is { } quantum ? Length(quantum.Count) : null,
            scenario.Recovery.RestartDelay is { } restart ? Length(restart.Count) : null,
            scenario.Recovery.Reboot is { } reboot ? Length(reboot.Count) : null);

        private Cycles Length(long nanoseconds) => profile.Frequency.FromNanoseconds(nanoseconds);

        private long InCycles(long nanoseconds) => Length(nanoseconds).Count;

        private IEnumerable<ComponentPlan> PlanComponents(DiskImage disk)
        {
            var domains = placement.Resolve(Components.All);
            foreach (var name in Components.All)
            {
                var domain = domains.First(domain => domain.Components.Contains(name));
                var wanted = scenario.Components.FirstOrDefault(wanted => wanted.Name == name);
                var plan = PlanComponent(name, domain.Name, disk);
                yield return plan with
                {
                    Make = wanted?.Work is { } work ? WithWork(plan, work) : plan.Make,
                    Concurrency = wanted?.Concurrency ?? plan.Concurrency,
                    Priority = wanted?.Priority ?? plan.Priority,
                    Core = wanted?.Core ?? plan.Core,
                    WorkingSet = Set(wanted?.WorkingSet),
                };
            }
        }

        private Func<Component> WithWork(ComponentPlan plan, Programs.Language.Expression work)
        {
            // One stream for all incarnations: a restart does not repeat what was drawn.
            var drawn = new DrawnDuration(work, new RandomSource(seed, "component " + plan.Name));
            return () => new WorkingComponent(plan.Make(), drawn);
        }

        private ComponentPlan PlanComponent(
            string name, string domain, DiskImage disk) => name switch
            {
                "naming" => Server(
                    name, domain, () => new NamingServer(scenario.Recovery.Bound.Count)) with
                {
                    IsVital = true,
                },
                "reincarnation-server" => Server(name, domain, MakeReincarnation) with
                {
                    IsVital = true,
                    HearsComponents = true,
                },
                "process-manager" => Server(name, domain, () => new ProcessManager()) with
                {
                    HearsProcesses = true,
                },
                "timer" => Server(name, domain, () => new TimerServer()),
                "console" => Server(name, domain, () => new ConsoleServer()) with
                {
                    Device = new ConsoleModel(),
                    Concurrency = 1,
                },
                "disk-driver" => Server(
                    name, domain,
                    () => new DiskDriver(
                        disk.SectorCount, diskDevice.Disk(disk.SectorCount).QueueDepth)) with
                {
                    Device = new DiskModel(diskDevice.Disk(disk.SectorCount), disk),
                    Concurrency = DriverConcurrency,
                    Priority = DriverPriority,
                },
                "file-server" => Server(name, domain, MakeFileServer) with
                {
                    Concurrency = FileServerConcurrency,
                },
                "nic-driver" => Server(name, domain, () => new NicDriver()) with
                {
                    Device = new NicModel(new EchoNetwork(
                        new NicTiming(networkDevice.Network(), profile.Frequency)),
                        profile.InterruptCoalescing.Count),
                    Priority = DriverPriority,
                },
                "net-stack" => Server(name, domain, () => new NetStack()),
                _ => throw new InvalidOperationException(name + " is no component"),
            };

        private static ComponentPlan Server(string name, string domain, Func<Component> make) =>
            new(name, domain, make) { Concurrency = ServerConcurrency, Priority = ServerPriority };

        private FileServer MakeFileServer() => scenario.Disk.CacheBlocks is { } blocks
            ? new FileServer(blocks)
            : new FileServer();

        private ReincarnationServer MakeReincarnation()
        {
            var recovery = scenario.Recovery;
            return new ReincarnationServer(
                [.. Components.All.Select((name, number) => new SupervisedComponent(number, name))],
                new ReincarnationOptions(
                    recovery.BackoffUnit.Count, recovery.BackoffCap.Count, recovery.MaxRestarts));
        }

        private ProgramPlan PlanProgram(ProcessDefinition process)
        {
            var code = CompiledProgram.Of(process.Program);
            var made = 0;
            return new ProgramPlan(
                new ProgramRecord(process.Name, process.Priority ?? ProcessPriority, process.Core)
                {
                    WorkingSet = Set(process.WorkingSet),
                    Filters = process.Filters,
                    HasFilterBitmap = process.FilterBitmap,
                    FirstCore = process.FirstCore,
                    UsesFpu = process.Fpu,
                },
                name =>
                {
                    var index = made++;
                    var random = new RandomSource(seed, string.Create(
                        CultureInfo.InvariantCulture, $"process {name}[{index}]"));
                    return new ScenarioProgram(code, name, index, random, this);
                });
        }

        private IEnumerable<ProcessPlan> PlanProcesses()
        {
            foreach (var process in scenario.Processes)
            {
                for (var i = 0; i < process.Count && !process.Spawned; i++)
                {
                    yield return new ProcessPlan(
                        process.Name, process.Name, InCycles(process.Start.Count));
                }
            }
        }

        private FaultPlan PlanFault(FaultOrder order) => order.At switch
        {
            FaultMoment.AtTime at => new FaultPlan(
                order.Crash, InCycles(at.Time.Count), FaultStep.RequestReceived, 0),
            FaultMoment.AtRequest at => new FaultPlan(
                order.Crash, null, FaultStep.RequestReceived, at.Number),
            FaultMoment.AtStep at => new FaultPlan(order.Crash, null, at.Step, at.Nth),
            _ => throw new InvalidOperationException("a fault without a moment"),
        };
    }
}
