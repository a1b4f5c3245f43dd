namespace Engine.Tests;

public sealed class ResumePointTests
{
    [Fact]
    public void A_program_goes_on_inside_of_resume()
    {
        var point = new ResumePoint();
        var steps = new List<string>();
        var body = Program(point, steps);

        steps.Add("waits");
        point.Resume();
        steps.Add("resumed");
        point.Resume();

        Assert.Equal(["one", "waits", "two", "resumed", "three"], steps);
        Assert.True(body.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_program_goes_on_inside_of_resume_when_the_wait_is_a_task()
    {
        var point = new ResumePoint();
        var steps = new List<string>();
        var body = ProgramOfTasks(() => point.Await(), steps);

        steps.Add("waits");
        point.Resume();
        steps.Add("resumed");
        point.Resume();

        Assert.Equal(["one", "waits", "two", "resumed", "three"], steps);
        Assert.True(body.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_wait_that_ended_before_it_was_awaited_does_not_wait()
    {
        var point = new ResumePoint();

        var wait = point.Await();
        Assert.False(wait.IsCompleted);
        point.Resume();
        Assert.True(wait.IsCompleted);
        await wait;

        ValueTask task = point.Await();
        Assert.False(task.IsCompleted);
        point.Resume();
        Assert.True(task.IsCompletedSuccessfully);
        await task;

        Assert.False(point.Await().IsCompleted);
    }

    [Fact]
    public async Task The_default_wait_has_ended()
    {
        ResumePoint.Wait wait = default;
        ValueTask task = wait;

        Assert.True(wait.IsCompleted);
        Assert.True(task.IsCompletedSuccessfully);
        await wait;
        await task;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_continuation_that_comes_after_the_resume_runs_at_once(bool asTask)
    {
        var point = new ResumePoint();
        var wait = point.Await();
        var task = wait.ToValueTask();
        point.Resume();

        var ran = false;
        Continue(asTask ? task : null, wait, () => ran = true);

        Assert.True(ran);
    }

    [Fact]
    public void Waiting_for_two_things_at_a_time_is_refused()
    {
        var point = new ResumePoint();
        Assert.False(point.IsArmed);
        _ = point.Await();

        Assert.True(point.IsArmed);
        Assert.Throws<InvalidOperationException>(() => _ = point.Await());
    }

    [Fact]
    public void Resuming_when_nothing_waits_is_refused()
    {
        var point = new ResumePoint();
        Assert.Throws<InvalidOperationException>(point.Resume);

        _ = point.Await();
        point.Resume();
        Assert.Throws<InvalidOperationException>(point.Resume);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Awaiting_one_wait_twice_is_refused(bool asTask)
    {
        var point = new ResumePoint();
        var wait = point.Await();
        ValueTask? task = asTask ? wait : null;
        Continue(task, wait, () => { });
        Assert.Throws<InvalidOperationException>(() => Continue(task, wait, () => { }));

        point.Resume();
        TakeResult(task, wait);
        Assert.Throws<InvalidOperationException>(() => TakeResult(task, wait));
        Assert.Throws<InvalidOperationException>(() => Continue(task, wait, () => { }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Blocking_on_a_wait_is_refused(bool asTask)
    {
        var point = new ResumePoint();
        var wait = point.Await();
        ValueTask? task = asTask ? wait : null;

        Assert.Throws<InvalidOperationException>(() => TakeResult(task, wait));
    }

    [Fact]
    public void A_task_of_an_earlier_wait_is_refused()
    {
        var point = new ResumePoint();
        ValueTask old = point.Await();
        point.Resume();
        TakeResult(old, default);

        _ = point.Await();
        point.Resume();

        Assert.Throws<InvalidOperationException>(() => TakeResult(old, default));
    }

    [Fact]
    public async Task An_exception_after_a_wait_is_in_the_programs_task_and_not_in_resume()
    {
        var point = new ResumePoint();
        var body = Crash(point);

        point.Resume();

        Assert.True(body.IsFaulted);
        await Assert.ThrowsAsync<NotSupportedException>(async () => await body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_wait_allocates_nothing(bool asTask)
    {
        var point = new ResumePoint();
        _ = asTask ? LoopOfTasks(point) : Loop(point);
        point.Resume();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
        {
            point.Resume();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void Continue(ValueTask? task, ResumePoint.Wait wait, Action continuation)
    {
        if (task is { } awaited)
        {
            awaited.GetAwaiter().UnsafeOnCompleted(continuation);
        }
        else
        {
            wait.GetAwaiter().UnsafeOnCompleted(continuation);
        }
    }

    private static void TakeResult(ValueTask? task, ResumePoint.Wait wait)
    {
        if (task is { } awaited)
        {
            awaited.GetAwaiter().GetResult();
        }
        else
        {
            wait.GetAwaiter().GetResult();
        }
    }

    private static async ValueTask Program(ResumePoint point, List<string> steps)
    {
        steps.Add("one");
        await point.Await();
        steps.Add("two");
        await point.Await();
        steps.Add("three");
    }

    private static async ValueTask ProgramOfTasks(Func<ValueTask> wait, List<string> steps)
    {
        steps.Add("one");
        await wait();
        steps.Add("two");
        await wait();
        steps.Add("three");
    }

    private static async ValueTask Crash(ResumePoint point)
    {
        await point.Await();
        throw new NotSupportedException();
    }

    private static async ValueTask Loop(ResumePoint point)
    {
        while (true)
        {
            await point.Await();
        }
    }

    private static async ValueTask LoopOfTasks(ResumePoint point)
    {
        while (true)
        {
            ValueTask wait = point.Await();
            await wait;
        }
    }
}
