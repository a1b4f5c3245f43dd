using System.Diagnostics;
using System.Reflection;
using Abi;
using Abi.Costs;
using Abi.Devices;
using Abi.Kernel;
using Abi.Posix;
using Abi.Units;
using LibSys;
using Programs.Interpreter;
using Programs.Language;

namespace Programs.Tests.Interpreter;

public class AllocationTests
{
    /// <summary>Answers each call at once with 1.</summary>
    private sealed class InstantGate : ITrapGate
    {
        public Registers Registers { get; } = new();
        public Frequency Frequency => new(1_000_000_000);

        public ValueTask Trap()
        {
            Registers.Message = Message.Reply(1);
            Registers.Message.Capability = new CapSlot(7);
            Registers.Error = Errno.None;
            return ValueTask.CompletedTask;
        }

        public int Pauses { get; private set; }

        public ValueTask Pause()
        {
            Pauses++;
            return ValueTask.CompletedTask;
        }

        public void Work(Part part, long count = 1) { }
        public VirtualTime ReadClock() => default;
        public void Submit(int device, in DeviceRequest request) =>
            throw new NotSupportedException();
        public bool TryTakeCompletion(int device, out DeviceCompletion completion) =>
            throw new NotSupportedException();
        public void CallBegins(PosixCall call, long a, long b, long c, string text) { }
        public void CallEnds(long result) { }
        public void Step(FaultStep step) { }
    }

    // In a debug build the compiler makes each async method's state an object of its own.
    private static bool IsOptimized { get; } = new[] { typeof(Sys), typeof(CompiledProgram) }
        .All(type => type.Assembly.GetCustomAttribute<DebuggableAttribute>()
            is null or { IsJITOptimizerDisabled: false });

    [SkippableTheory]
    [InlineData("getpid() = 1")]
    [InlineData("n = getpid(); n = n * 2 + 1")]
    [InlineData("read(fd, 4096)")]
    [InlineData("m = ipc_call(fd, 5)")]
    [InlineData("compute exponential(5us); n = choice(1: 1, 2: 2)")]
    public void An_iteration_of_a_loop_allocates_nothing(string body)
    {
        Skip.IfNot(IsOptimized,
            "Only a release build is free of allocations: dotnet test -c Release");
        long Allocated(int times)
        {
            var text = $"fd = open(\"/a\", O_RDWR); repeat {times} {{ {body} }}";
            var program = new ScenarioProgram(
                CompiledProgram.Of(ProgramParser.Parse(text)), "reader", 0, new ScriptedRandom(),
                null);
            var sys = new Sys(new InstantGate());
            var before = GC.GetAllocatedBytesForCurrentThread();
            Assert.True(program.Main(sys).IsCompletedSuccessfully);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(2_000);
        Assert.Equal(Allocated(1_000), Allocated(2_000));
    }

    [Fact]
    public void A_loop_without_calls_lets_the_world_catch_up()
    {
        var program = CompiledProgram.Of(ProgramParser.Parse("repeat 200000 { }"));
        var gate = new InstantGate();
        var process = new ScenarioProgram(program, "p", 0, new ScriptedRandom(), null);
        Assert.True(process.Main(new Sys(gate)).IsCompleted);
        Assert.Equal(200_000 >> 16, gate.Pauses);
    }

    [Fact]
    public void An_iteration_that_makes_a_text_does_allocate()
    {
        // The negative control of the test above.
        var before = GC.GetAllocatedBytesForCurrentThread();
        var program = CompiledProgram.Of(ProgramParser.Parse("repeat 1000 { p = \"/a\" + index }"));
        var ended = new ScenarioProgram(program, "reader", 0, new ScriptedRandom(), null).Main(
            new Sys(new InstantGate()));
        Assert.True(ended.IsCompletedSuccessfully);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before > 30_000);
    }
}
