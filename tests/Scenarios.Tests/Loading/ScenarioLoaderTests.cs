using Abi.Kernel;
using Abi.Units;
using Programs.Language;
using Scenarios.Expectations;
using Scenarios.Model;

namespace Scenarios.Tests.Loading;

public class ScenarioLoaderTests
{
    private static LoadResult Load(string text) => ScenarioLoader.LoadText(text, "test.yaml");

    [Fact]
    public void Every_key_reaches_the_model()
    {
        var (scenario, diagnostics) = Load(Texts.Whole);
        Assert.Empty(diagnostics);
        Assert.NotNull(scenario);
        Assert.Equal(("everything", "all keys once", 7),
            (scenario.Name, scenario.Description, scenario.Seed));
        Assert.Equal(
            new MachineOptions
            {
                Cores = 2,
                KernelLock = KernelLock.PerObject,
                ReceiveOrder = ReceiveOrder.NotificationsFirst,
                Quantum = new Nanoseconds(10_000_000),
            },
            scenario.Machine);
        Assert.Equal(
            new DiskOptions
            {
                Device = DiskDevice.SataSsd,
                Size = new Bytes(64 << 20),
                CacheBlocks = 100,
            },
            scenario.Disk);
        Assert.Equal(NetworkDevice.OneGigabit, scenario.Network.Device);
        Assert.Equal(
            new ComponentOptions
            {
                Name = "file-server",
                Concurrency = 4,
                Priority = 200,
                Core = 1,
            },
            scenario.Components.Single());
        Assert.Equal(["storage", "split"], scenario.Placements.Select(placement => placement.Name));
        Assert.Equal((DomainLock.Big, PlacementBase.Monolithic),
            (scenario.Placements[0].Lock, scenario.Placements[1].Base));
        Assert.Equal(["file-server", "disk-driver"], scenario.Placements[0].Domains[0].Components);
        Assert.True(scenario.Placements[0].Domains[1].IsKernel);

        var reader = scenario.Processes[0];
        Assert.Equal(("reader", 4, 5000, 100, 0, false),
            (reader.Name, reader.Count, reader.Start.Count, reader.Priority, reader.Core,
                reader.Spawned));
        Assert.Equal(4, reader.Program.Body.Count);
        Assert.True(scenario.Processes[1].Spawned);
        Assert.Equal(
            [
                new FaultMoment.AtTime(new Nanoseconds(5_000_000)),
                new FaultMoment.AtRequest(500),
                new FaultMoment.AtStep(FaultStep.DeviceProgrammed, 3),
            ],
            scenario.Faults.Select(fault => fault.At));
        Assert.Equal((2_000_000, 8_000_000, 3), (scenario.Recovery.BackoffUnit.Count,
            scenario.Recovery.BackoffCap.Count, scenario.Recovery.MaxRestarts));
        Assert.Equal((10_000_000_000, 1_000_000),
            (scenario.Limits.VirtualTime.Count, scenario.Limits.Calls));
        Assert.Equal(8, scenario.Expect.Count);
        Assert.Equal(new Claim.ProcessExits("child", 3), scenario.Expect[1].Claim);
    }

    [Fact]
    public void What_is_left_out_has_the_documented_default()
    {
        var scenario = Load(Texts.With("")).Scenario!;
        Assert.Equal((1, "sel4-haswell", KernelLock.Big, ReceiveOrder.Fifo),
            (scenario.Machine.Cores, scenario.Machine.Profile, scenario.Machine.KernelLock,
                scenario.Machine.ReceiveOrder));
        Assert.Equal((1, 0, false), (scenario.Processes[0].Count, scenario.Processes[0].Start.Count,
            scenario.Processes[0].Spawned));
        Assert.Equal((3_600_000_000_000, 1_000_000_000),
            (scenario.Limits.VirtualTime.Count, scenario.Limits.Calls));
        Assert.Equal(
            ["microkernel", "monolithic"], scenario.AllPlacements.Select(each => each.Name));
    }

    [Theory]
    [InlineData("nmae: 5", 3, 1, "'nmae'; did you mean 'name'?")]
    [InlineData("seed: abc", 3, 7, "expected a whole number, not 'abc'")]
    [InlineData("seed: \"5\"", 3, 7, "expected a whole number, not a text")]
    [InlineData(
        "seed: 99999999999999999999", 3, 7, "expected a whole number, not '99999999999999999999'")]
    [InlineData("seed:", 3, 6, "expected a whole number, not nothing")]
    [InlineData("seed: [1]", 3, 7, "expected a whole number, not a list")]
    [InlineData("seed: 1\nseed: 2", 4, 1, "expected each key once, not a second 'seed'")]
    [InlineData(
        "machine: 5", 3, 10,
        "expected keys (cores profile kernelLock receiveOrder mechanisms kernelWorkingSet "
            + "deadlocks quantum), not '5'")]
    [InlineData("machine: { cores: 0 }", 3, 19, "expected 1 to 64, not 0")]
    [InlineData("machine: { cores: 65 }", 3, 19, "expected 1 to 64, not 65")]
    [InlineData(
        "machine: { profile: sel4-hasswell }", 3, 21,
        "expected a cost profile, not 'sel4-hasswell'; did you mean 'sel4-haswell'?")]
    [InlineData(
        "machine: { quantum: 10 }", 3, 21,
        "expected a duration such as 500ns, 10us, 5ms or 1s, not '10'")]
    [InlineData(
        "machine: { kernelLock: bigg }", 3, 24,
        "expected one of big per-object, not 'bigg'; did you mean 'big'?")]
    [InlineData(
        "disk: { size: 10KB }", 3, 15,
        "expected a size such as 512, 4KiB, 64MiB or 1GiB, not '10KB'")]
    [InlineData("disk: { size: 1KiB }", 3, 15, "expected 64KiB to 1024GiB, not 1KiB")]
    [InlineData(
        "disk: { from: nowhere/at/all }", 3, 15,
        "expected a directory; there is no 'nowhere/at/all' beside the scenario")]
    [InlineData(
        "disk: { device: floppy }", 3, 17, "expected one of nvme sata-ssd hard-disk, not 'floppy'")]
    [InlineData(
        "components: { file-srever: { priority: 1 } }", 3, 15,
        "expected a component, not 'file-srever'; did you mean 'file-server'?")]
    [InlineData(
        "components: { timer: { core: 1 } }", 3, 30,
        "expected a core below 1, the machine's, not 1")]
    [InlineData(
        "placements: { microkernel: { } }", 3, 15,
        "expected another name: 'microkernel' has a meaning")]
    [InlineData("placements: { read: { } }", 3, 15, "expected another name: 'read' has a meaning")]
    [InlineData(
        "placements: { x: { domains: { a: [timer], b: [timer] } } }", 3, 47,
        "expected each component once: 'timer' is in 'a'")]
    [InlineData(
        "placements: { x: { domains: { a: [tmier] } } }", 3, 35,
        "expected a component, not 'tmier'; did you mean 'timer'?")]
    [InlineData(
        "placements: { x: { domains: { a: [] } } }", 3, 31, "expected at least one component")]
    [InlineData(
        "placements: { x y: { } }", 3, 15,
        "expected a name of letters, digits, '-' and '_', not 'x y'")]
    [InlineData("faults: [ { crash: timer } ]", 3, 11, "expected the key 'at'")]
    [InlineData(
        "faults: [ { crash: timr, at: 5ms } ]", 3, 20,
        "expected a component, not 'timr'; did you mean 'timer'?")]
    [InlineData(
        "faults: [ { crash: timer, at: soon } ]", 3, 31,
        "expected a time such as 5ms, or {request: 500}, or {step: before-reply, nth: 3}, "
        + "not 'soon'")]
    [InlineData(
        "faults: [ { crash: timer, at: { step: before-replay } } ]", 3, 39,
        "expected one of request-received before-reply before-disk-request "
        + "after-disk-request device-programmed completion-seen, not 'before-replay'; did you "
        + "mean 'before-reply'?")]
    [InlineData(
        "faults: [ { crash: timer, at: { time: 5ms, request: 3 } } ]", 3, 31,
        "expected a time such as 5ms, or {request: 500}, or {step: before-reply, nth: 3}")]
    [InlineData(
        "faults: [ { crash: timer, at: { step: device-programmed } } ]", 3, 31,
        "expected a step that 'timer' reaches; this one is of disk-driver and nic-driver")]
    [InlineData(
        "expect: every process exits 0", 3, 9, "expected a list, not 'every process exits 0'")]
    [InlineData("expect: [ every process exist 0 ]", 3, 30, "'every process exits'")]
    [InlineData(
        "expect: [ process q exits 0 ]", 3, 11, "expected a process, not 'q' (there are p)")]
    [InlineData(
        "expect: [ microkernle.read.mean > 1 ]", 3, 11,
        "expected a placement, not 'microkernle'; did you mean 'microkernel'?")]
    [InlineData(
        "expect: [ raed.mean > 1 ]", 3, 11, "expected a call, not 'raed'; did you mean 'read'?")]
    [InlineData(
        "expect: [ read.maen > 1 ]", 3, 11,
        "expected a statistic of calls, not 'maen'; did you mean 'mean'?")]
    [InlineData(
        "expect: [ counters.mesages > 1 ]", 3, 11,
        "expected a counter, not 'mesages'; did you mean 'messages'?")]
    [InlineData("expect: [ read.mean > 1 + ]", 3, 26, "expected ")]
    [InlineData(
        "expect: [ 1 > 2 ]", 3, 11, "expected a quantity of the results on one side at least")]
    [InlineData(
        "description: &a x\nseed: *a", 4, 7, "expected the value itself, not an alias of it")]
    [InlineData("seed: !int 5", 3, 7, "expected no tag such as !int")]
    [InlineData("---\nname: b", 3, 1, "expected one document, not a second one")]
    [InlineData("? [a, b]\n: c", 3, 3, "expected a word as key")]
    public void Says_where_and_what_was_expected(string lines, int line, int column, string message)
    {
        var result = Load(Texts.With(lines));
        var diagnostic = Assert.Single(result.Diagnostics);
        Assert.Equal(
            ("test.yaml", line, column), (diagnostic.File, diagnostic.Line, diagnostic.Column));
        Assert.Contains(message, diagnostic.Message);
        Assert.Null(result.Scenario);
    }

    [Theory]
    [InlineData("", "expected a scenario, not an empty file")]
    [InlineData("# only a comment\n", "expected a scenario, not an empty file")]
    [InlineData("name: a", "expected the key 'processes'")]
    [InlineData("processes: { p: { program: getpid() } }", "expected the key 'name'")]
    [InlineData("name: a\nprocesses: { }", "expected at least one process")]
    [InlineData(
        "name: a\nprocesses: { p: { spawned: true, program: getpid() } }",
        "expected at least one process without 'spawned: true'")]
    [InlineData("name: a\nprocesses: { p: { } }", "expected the key 'program' in 'p'")]
    [InlineData("- a\n- b", "expected keys (name description seed")]
    [InlineData("just text", "expected keys (name description seed")]
    [InlineData("name: a\n\tprocesses: b", "expected YAML")]
    [InlineData("name: [a", "expected YAML")]
    [InlineData("name: \"a", "expected YAML")]
    [InlineData(
        "name: a\nprocesses:\n  p:\n    program: >\n      getpid()\n      getpid()\n",
        "expected the program as a block")]
    public void Refuses(string text, string message) =>
        Assert.Contains(Load(text).Diagnostics, diagnostic => diagnostic.Message.Contains(message));

    [Fact]
    public void Tells_all_errors_at_once_in_order()
    {
        var result = Load("""
            name: many
            sede: 5
            machine: { cores: many }
            processes:
              p:
                coutn: 3
                program: |

                  raed(3, 5)
                  close(
              q:
                program: close(1) = -1 ENOPE
            expect:
              - raed.mean > 1
              - every proces exits 0
            """);
        Assert.Equal(
            [(2, 1), (3, 19), (6, 5), (11, 7), (12, 25), (14, 5), (15, 17)],
            result.Diagnostics.Select(diagnostic => (diagnostic.Line, diagnostic.Column)));
    }

    [Fact]
    public void Places_in_programs_are_those_of_the_file()
    {
        var block = Load(Texts.WithProgram("\nfd = 3\n  close(fe)\nraed(1, 2)")).Diagnostics;
        Assert.Equal([(7, 15), (8, 7)], block.Select(each => (each.Line, each.Column)));

        var plain = Load("name: a\nprocesses: { p: { program: close(x) } }").Diagnostics;
        Assert.Equal([(2, 34)], plain.Select(each => (each.Line, each.Column)));

        var quoted = Load("name: a\nprocesses: { p: { program: 'close(x)' } }").Diagnostics;
        Assert.Equal([(2, 35)], quoted.Select(each => (each.Line, each.Column)));

        var windows =
            Load(Texts.WithProgram("fd = 3\nclose(fe)").Replace("\n", "\r\n")).Diagnostics;
        Assert.Equal([(6, 13)], windows.Select(each => (each.Line, each.Column)));
    }

    [Fact]
    public void A_value_keeps_its_place_for_later_diagnostics()
    {
        var scenario = Load(Texts.Whole).Scenario!;
        Assert.Equal("test.yaml:10:33: too small",
            scenario.Sources.Diagnose("disk.size", "too small").ToString());
        var line = Texts.Whole[..Texts.Whole.IndexOf("request: 500")].Count(c => c == '\n') + 1;
        Assert.Equal(line, scenario.Sources.Diagnose("faults.1.at.nothing", "x").Line);
        Assert.Equal(1, scenario.Sources.Diagnose("nowhere", "x").Line);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_diagnostic()
    {
        var diagnostic = Assert.Single(ScenarioLoader.Load("no/such.yaml").Diagnostics);
        Assert.Equal("no/such.yaml:1:1: expected a scenario file; there is none of this name",
            diagnostic.ToString());
        Assert.Single(ScenarioLoader.Load("").Diagnostics);
        Assert.Single(ScenarioLoader.Load("\0").Diagnostics);
        Assert.Single(ScenarioLoader.Load(".").Diagnostics);
    }

    [Fact]
    public void Deep_huge_and_multiplying_texts_are_refused()
    {
        Assert.Contains("levels", Load("name: " + new string('[', 10_000)).Diagnostics[0].Message);
        Assert.Contains("1 MiB", Load(new string('#', 2 << 20)).Diagnostics[0].Message);
        var bomb = "a: &a [x,x]\n" + string.Concat(
            Enumerable.Range(1, 50).Select(i => $"b{i}: &b{i} [*a,*a]\n"));
        Assert.Contains(Load(bomb).Diagnostics, each => each.Message.Contains("alias"));
    }

    [Fact]
    public void No_text_makes_the_loader_throw()
    {
        const string Alphabet = "abc: -[]{},|>&*!%#@'\"\\\n\t ?0x€\0\r\ud800";
        Gen.Char[Alphabet].Array[0, 60].Sample(
            chars => Load(new string(chars)).Diagnostics.Count > 0, iter: 20_000);
        Gen.String[0, 60].Sample(text => Load(text).Diagnostics.Count > 0, iter: 5_000);
    }

    [Fact]
    public void A_damaged_scenario_is_read_or_diagnosed_inside_the_file()
    {
        const string Alphabet = "abc:-[]{},|>&*!#'\"\n\t ?09";
        Gen.Select(Gen.Int[0, Texts.Whole.Length - 1], Gen.Int[0, 3],
            Gen.Char[Alphabet].Array[0, 3])
            .Sample(
                (place, removed, added) =>
                {
                    var text = Texts.Whole
                        .Remove(place, Math.Min(removed, Texts.Whole.Length - place))
                        .Insert(place, new string(added));
                    var result = Load(text);
                    var lines = text.Split('\n').Length + 1;
                    return result.Scenario is null == result.Diagnostics.Count > 0
                        && result.Diagnostics.All(each => each.Line >= 1 && each.Line <= lines
                            && each.Column >= 1 && each.Message.Length > 0);
                },
                iter: 3_000);
    }

    [Fact]
    public void A_placement_resolves_to_each_component_in_one_domain()
    {
        var scenario = Load(Texts.Whole).Scenario!;
        foreach (var placement in scenario.AllPlacements)
        {
            var domains = placement.Resolve(Components.All);
            Assert.Equal(
                Components.All.Order(), domains.SelectMany(domain => domain.Components).Order());
            Assert.Equal(domains.Count, domains.Select(domain => domain.Name).Distinct().Count());
        }

        Assert.Equal(9, Placement.Microkernel.Resolve(Components.All).Count);
        Assert.True(Placement.Monolithic.Resolve(Components.All).Single().IsKernel);
        Assert.Equal(
            ["network", "kernel"],
            scenario.Placements[1].Resolve(Components.All).Select(domain => domain.Name));
    }

    [Fact]
    public void A_program_of_a_scenario_is_what_the_parser_reads() =>
        Assert.Equal(
            ProgramPrinter.Print(
                ProgramParser.Parse("fd = open(\"/a b\", O_RDONLY)\nclose(fd) = 0")),
            ProgramPrinter.Print(
                Load(Texts.WithProgram("fd = open(\"/a b\", O_RDONLY)\nclose(fd) = 0"))
                .Scenario!.Processes[0].Program));

    [Fact]
    public void Queues_and_additional_work_reach_the_model()
    {
        var (scenario, diagnostics) = Load("""
            name: queues
            components:
              process-manager: { work: "choice(500ns: 9, 5us: 1)" }
            processes:
              slave: { firstCore: 0, program: getpid() }
            observe: [process-manager, slave]
            expect: [queues.slave.wait < 5us]
            """);
        Assert.Empty(diagnostics);
        Assert.IsType<Expression.Choice>(scenario!.Components[0].Work);
        Assert.Equal(["process-manager", "slave"], scenario.Observe);
    }

    [Theory]
    [InlineData("work: exponential(5)", 3, 28, "expected a duration such as 500ns or exponential(")]
    [InlineData("work: exponential(n)", 3, 40, "expected a variable that was set before, not 'n'")]
    [InlineData("work: 5us extra", 3, 32, "expected the end of the statement, not 'e'")]
    [InlineData("work: []", 3, 28, "expected a duration such as exponential(1us), not a list")]
    public void Says_what_is_wrong_with_additional_work(
        string work, int line, int column, string message)
    {
        var diagnostic = Assert.Single(Load($$"""
            name: queues
            components:
              process-manager: { {{work}} }
            processes: { slave: { program: getpid() } }
            """).Diagnostics);
        Assert.Equal((line, column), (diagnostic.Line, diagnostic.Column));
        Assert.StartsWith(message, diagnostic.Message);
    }

    [Fact]
    public void Observes_only_what_there_is_and_expects_only_what_it_observes()
    {
        var diagnostics = Load("""
            name: queues
            processes: { slave: { firstCore: 1, program: getpid() } }
            observe: [slvae]
            expect: [queues.slave.wait < 5us, queues.slvae.wiat > 1]
            """).Diagnostics;
        Assert.Equal(
            [
                "expected a component or process, not 'slvae'; did you mean 'slave'?",
                "expected a core below 1, the machine's, not 1",
                "expected a queue among those in 'observe', not 'slave'; did you mean 'slvae'?",
                "expected a statistic of queues, not 'wiat'; did you mean 'wait'?",
            ],
            diagnostics.Select(each => each.Message).Order(StringComparer.Ordinal));
    }
}
