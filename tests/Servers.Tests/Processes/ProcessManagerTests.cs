using System.Text;
using Abi;
using Abi.Kernel;
using LibSys;
using LibSys.Protocols;
using Servers.Naming;
using Servers.Processes;
using Servers.Timers;
using Testing;

namespace Servers.Tests.Processes;

public sealed class ProcessManagerTests
{
    private readonly DirectGate gate = new();
    private readonly Listener files = new(FileProtocol.Name, FileProtocol.ClientGone);
    private readonly Listener net = new(NetProtocol.Name, NetProtocol.ClientGone);
    private readonly Dictionary<string, Func<Sys, ValueTask<int>>> programs = [];

    public ProcessManagerTests()
    {
        gate.Register(() => new NamingServer());
        gate.Register(() => new TimerServer());
        gate.Register(() => files);
        gate.Register(() => net);
        gate.Register(() => new ProcessManager());

        // What the kernel does: make the process, and announce its end.
        gate.Answer(Syscall.ProcessCreate, (registers, _) =>
        {
            var name = Encoding.UTF8.GetString(registers.Message.Data.Span);
            if (!programs.TryGetValue(name, out var program))
            {
                return Errno.ENOENT;
            }

            registers.Arg0 = Start(name, program).Pid;
            return Errno.None;
        });
    }

    [Fact]
    public void Getpid_is_the_number_of_the_process()
    {
        var one = Start("one", async sys => (int)(await sys.Getpid()).Raw);
        var two = Start("two", async sys => (int)(await sys.Getpid()).Raw);
        gate.Run();
        Assert.Equal(((int)one.Pid, (int)two.Pid), (one.Status, two.Status));
    }

    [Fact]
    public void Waiting_for_a_child_that_still_runs_returns_when_it_has_ended()
    {
        programs["child"] = After(500, 7);
        Check(async sys =>
        {
            var child = (await sys.Spawn("child")).Raw;
            Assert.Equal(child, (await sys.Wait(child)).Raw);
            Assert.Equal(500, sys.Now.Cycles);
            Assert.Equal(7, sys.ChildStatus);
        });
    }

    [Fact]
    public void A_child_that_ended_long_ago_is_kept_until_it_is_waited_for_and_then_forgotten()
    {
        programs["child"] = After(0, 9);
        Check(async sys =>
        {
            var child = (await sys.Spawn("child")).Raw;
            await sys.Nanosleep(1000);
            Assert.Equal(child, (await sys.Wait(child)).Raw);
            Assert.Equal(9, sys.ChildStatus);
            Assert.Equal(1000, sys.Now.Cycles);
            Assert.Equal(Errno.ECHILD, (await sys.Wait(child)).Error);
        });
    }

    [Fact]
    public void Waiting_for_any_child_returns_them_in_the_order_in_which_they_end()
    {
        programs["slow"] = After(300, 1);
        programs["quick"] = After(100, 2);
        programs["middling"] = After(200, 3);
        Check(async sys =>
        {
            await sys.Spawn("slow");
            await sys.Spawn("quick");
            await sys.Spawn("middling");
            var statuses = new List<int>();
            while (!(await sys.Wait()).Failed)
            {
                statuses.Add(sys.ChildStatus);
            }

            Assert.Equal([2, 3, 1], statuses);
        });
    }

    [Fact]
    public void Waiting_for_one_child_leaves_another_that_ended_earlier()
    {
        programs["slow"] = After(300, 1);
        programs["quick"] = After(100, 2);
        Check(async sys =>
        {
            var slow = (await sys.Spawn("slow")).Raw;
            var quick = (await sys.Spawn("quick")).Raw;
            Assert.Equal(slow, (await sys.Wait(slow)).Raw);
            Assert.Equal(quick, (await sys.Wait(quick)).Raw);
            Assert.Equal(2, sys.ChildStatus);
        });
    }

    [Fact]
    public void Waiting_without_a_child_or_for_a_child_of_another_is_ECHILD()
    {
        programs["child"] = After(1000, 0);
        var parent = Start("parent", async sys =>
        {
            var child = (await sys.Spawn("child")).Raw;
            await sys.Wait(child);
            return 0;
        });
        var stranger = Start("stranger", async sys =>
        {
            await sys.Nanosleep(10);
            Assert.Equal(Errno.ECHILD, (await sys.Wait()).Error);
            return (int)(await sys.Wait(parent.Pid)).Error;
        });
        gate.Run();
        Assert.Equal((int)Errno.ECHILD, stranger.Status);
        Assert.Equal(0, parent.Status);
    }

    [Fact]
    public void Spawning_a_program_that_is_not_there_is_ENOENT_and_makes_no_child() =>
        Check(async sys =>
        {
            Assert.Equal(Errno.ENOENT, (await sys.Spawn("nothing")).Error);
            Assert.Equal(Errno.ECHILD, (await sys.Wait()).Error);
        });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(255, 255)]
    [InlineData(256, 0)]
    [InlineData(-1, 255)]
    public void Exit_ends_the_process_with_the_low_eight_bits_of_the_status(int status, int seen)
    {
        programs["child"] = async sys =>
        {
            await sys.Exit(status);
            throw new InvalidOperationException("exit returned");
        };
        Check(async sys =>
        {
            await sys.Wait((await sys.Spawn("child")).Raw);
            Assert.Equal(seen, sys.ChildStatus);
        });
    }

    [Fact]
    public void A_child_that_ends_before_the_answer_to_spawn_is_not_lost()
    {
        // The kernel's announcement overtakes its answer to the process manager.
        programs["child"] = _ => new(5);
        gate.TurnsAfter = call => call == Syscall.ProcessCreate ? 10 : 0;
        Check(async sys =>
        {
            var child = (await sys.Spawn("child")).Raw;
            Assert.Equal(child, (await sys.Wait(child)).Raw);
            Assert.Equal(5, sys.ChildStatus);
        });
    }

    [Fact]
    public void Children_of_a_dead_parent_are_nobodys()
    {
        programs["grandchild"] = After(100, 3);
        programs["child"] = async sys =>
        {
            await sys.Spawn("grandchild");
            return 4;
        };
        Check(async sys =>
        {
            await sys.Wait((await sys.Spawn("child")).Raw);
            await sys.Nanosleep(1000);
            Assert.Equal(Errno.ECHILD, (await sys.Wait()).Error);
        });
    }

    [Fact]
    public void Other_servers_are_told_of_each_client_that_is_gone_once()
    {
        programs["child"] = After(0, 0);
        var pids = new List<long>();
        var parent = Check(async sys =>
        {
            for (var i = 0; i < 3; i++)
            {
                pids.Add((await sys.Spawn("child")).Raw);
            }
        });
        pids.Add(parent);
        Assert.Equal(pids.Order(), files.Gone.Order());
        Assert.Equal(pids.Order(), net.Gone.Order());
    }

    [Fact]
    public void A_parent_that_saw_its_child_end_can_spawn_the_next_server_of_the_same_name()
    {
        programs["server"] = async sys => (int)(await sys.IpcServe("pong")).Error;
        Check(async sys =>
        {
            for (var i = 0; i < 3; i++)
            {
                await sys.Wait((await sys.Spawn("server")).Raw);
                Assert.Equal(0, sys.ChildStatus);
            }
        });
    }

    [Fact]
    public void When_it_dies_getpid_is_asked_again_and_a_wait_fails_with_EIO()
    {
        programs["child"] = After(1000, 0);
        gate.At(new(500), () => gate.Crash(ProcessProtocol.Name));
        Check(async sys =>
        {
            var child = (await sys.Spawn("child")).Raw;
            Assert.Equal(Errno.EIO, (await sys.Wait(child)).Error);
            Assert.Equal(500, sys.Now.Cycles);
            Assert.Equal(Errno.ECHILD, (await sys.Wait(child)).Error);
            Assert.True((await sys.Getpid()).Raw > 0);
        });
    }

    private static Func<Sys, ValueTask<int>> After(long length, int status) => async sys =>
    {
        await sys.Nanosleep(length);
        return status;
    };

    /// <summary>Starts a process whose end is announced, by return or by exit.</summary>
    private FakeProcess Start(string name, Func<Sys, ValueTask<int>> program)
    {
        var process = gate.Spawn(program, name);
        process.Ended = status =>
            gate.Announce(ProcessProtocol.Name, LifeEvent.ProcessEnded, process.Pid, status);
        return process;
    }

    private long Check(Func<Sys, ValueTask> program)
    {
        var process = Start("parent", async sys =>
        {
            await program(sys);
            return 42;
        });
        gate.Run();
        Assert.Equal(42, process.Status);
        return process.Pid;
    }

    /// <summary>A server that keeps something for each client.</summary>
    private sealed class Listener(string name, int operation) : Component
    {
        public List<long> Gone { get; } = [];

        public override string Name => name;

        public override ValueTask<Message> Handle(Request request, Activation self)
        {
            Assert.Equal(operation, request.Message.Operation);
            Gone.Add(request.Message.A);
            return new(Message.Reply(0));
        }
    }
}
