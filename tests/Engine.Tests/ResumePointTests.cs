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
    public async Task A_wait_that_ended_before_it_was_awaited_does_not_wait()
    {
        var point = new ResumePoint();

        var wait = point.Await();
        Assert.False(wait.IsCompleted);
        point.Resume();
        Assert.True(wait.IsCompletedSuccessfully);
        await wait;

        Assert.False(point.Await().IsCompleted);
    }

    [Fact]
    public void A_continuation_that_comes_after_the_resume_runs_at_once()
    {
        var point = new ResumePoint();
        var awaiter = point.Await().GetAwaiter();
        point.Resume();

        var ran = false;
        awaiter.UnsafeOnCompleted(() => ran = true);

        Assert.True(ran);
    }

    [Fact]
    public void Waiting_for_two_things_at_a_time_is_refused()
    {
        var point = new ResumePoint();
        _ = point.Await();

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

    [Fact]
    public void Awaiting_one_wait_twice_is_refused()
    {
        var point = new ResumePoint();
        var wait = point.Await();
        wait.GetAwaiter().UnsafeOnCompleted(() => { });
        Assert.Throws<InvalidOperationException>(
            () => wait.GetAwaiter().UnsafeOnCompleted(() => { }));

        point.Resume();
        TakeResult(wait);
        Assert.Throws<InvalidOperationException>(() => TakeResult(wait));
    }

    [Fact]
    public void Blocking_on_a_wait_is_refused()
    {
        var point = new ResumePoint();
        var wait = point.Await();

        Assert.Throws<InvalidOperationException>(() => TakeResult(wait));
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

    [Fact]
    public void A_wait_allocates_nothing()
    {
        var point = new ResumePoint();
        _ = Loop(point);
        point.Resume();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100_000; i++)
        {
            point.Resume();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void TakeResult(ValueTask wait) => wait.GetAwaiter().GetResult();

    private static async ValueTask Program(ResumePoint point, List<string> steps)
    {
        steps.Add("one");
        await point.Await();
        steps.Add("two");
        await point.Await();
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
}
