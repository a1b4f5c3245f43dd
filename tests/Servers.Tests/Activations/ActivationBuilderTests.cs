using System.Runtime.CompilerServices;
using Engine;
using LibSys;

namespace Servers.Tests.Activations;

public class ActivationBuilderTests
{
    private readonly ResumePoint point = new();
    private int died;

    [Fact]
    public void A_method_that_does_not_wait_is_over_when_it_returns()
    {
        var sum = Sum(waits: 0);

        Assert.True(sum.IsCompletedSuccessfully);
        Assert.Equal(0, ResultOf(sum));
    }

    [Fact]
    public void A_method_goes_on_inside_of_resume_through_all_its_callers()
    {
        var sum = Twice(waits: 3);
        for (var i = 0; i < 6; i++)
        {
            Assert.False(sum.IsCompleted);
            point.Resume();
        }

        Assert.True(sum.IsCompletedSuccessfully);
        Assert.Equal(6, ResultOf(sum));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void An_exception_reaches_who_awaits(int waits)
    {
        var failing = Catch(waits);
        for (var i = 0; i < waits; i++)
        {
            point.Resume();
        }

        Assert.Equal("after " + waits, ResultOf(failing));
    }

    [Fact]
    public void A_method_may_be_awaited_once()
    {
        var sum = Sum(waits: 1);
        point.Resume();

        Assert.Equal(1, ResultOf(sum));
        Assert.Throws<InvalidOperationException>(() => ResultOf(sum));
    }

    [Fact]
    public void A_method_that_waits_has_no_result_yet()
    {
        var sum = Sum(waits: 1);

        Assert.Throws<InvalidOperationException>(() => ResultOf(sum));
        point.Resume();
        Assert.Equal(1, ResultOf(sum));
    }

    [Fact]
    public void Methods_that_wait_at_once_keep_apart()
    {
        var points = Enumerable.Range(0, 1000).Select(_ => new ResumePoint()).ToArray();
        for (var round = 0; round < 2; round++)
        {
            var tasks = points.Select((point, i) => Echo(point, i)).ToArray();
            foreach (var waiting in points.Reverse())
            {
                waiting.Resume();
            }

            Assert.Equal(Enumerable.Range(0, 1000), tasks.Select(ResultOf));
        }
    }

    [Fact]
    public void What_a_method_held_can_be_collected_when_it_is_over()
    {
        var held = Hold();
        point.Resume();
        GC.Collect();

        Assert.False(held.IsAlive);
        Assert.Equal(1, died);
    }

    private static T ResultOf<T>(ValueTask<T> task) => task.GetAwaiter().GetResult();

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<int> Sum(int waits)
    {
        var sum = 0;
        for (; sum < waits; sum++)
        {
            await point.Await();
        }

        return sum;
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<int> Twice(int waits) => await Sum(waits) + await Sum(waits);

    [AsyncMethodBuilder(typeof(ActivationBuilder))]
    private async ValueTask Fail(int waits)
    {
        var done = await Sum(waits);
        throw new InvalidOperationException("after " + done);
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<string> Catch(int waits)
    {
        try
        {
            await Fail(waits);
            return "nothing";
        }
        catch (InvalidOperationException thrown)
        {
            return thrown.Message;
        }
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private static async ValueTask<int> Echo(ResumePoint point, int value)
    {
        await point.Await();
        return value;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference Hold()
    {
        var held = new object();
        var task = Use(held);
        Assert.False(task.IsCompleted);
        task.GetAwaiter().OnCompleted(() => task.GetAwaiter().GetResult());
        return new WeakReference(held);
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder))]
    private async ValueTask Use(object held)
    {
        await point.Await();
        GC.KeepAlive(held);
        died++;
    }
}
