using DisruptorStream.Emission;
using DisruptorStream.Emission.Calls;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Emission.Delivery;

public sealed class SinkSetTests
{
    [Fact]
    public void Report_ASinkThatDoesNothingWithIt_IsAskedOnce()
    {
        var set = new SinkSet(new SinkCaller(TimeProvider.System, CancellationToken.None), new SinkLife());
        set.Add(new Ignoring(), SinkFailurePolicy.Stop);
        Assert.True(set.FollowsProgress);
        set.Report(new SinkProgress(1, null));
        Assert.False(set.FollowsProgress);
    }

    /// <summary>It hands the call on to one that does nothing with it; what it does itself may be something.</summary>
    [Fact]
    public void Report_ASinkAroundOneThatDoesNothing_IsAskedAgain()
    {
        var set = new SinkSet(new SinkCaller(TimeProvider.System, CancellationToken.None), new SinkLife());
        set.Add(new FailingSink<string>(failures: 0, inner: new Ignoring()), SinkFailurePolicy.Stop);
        set.Report(new SinkProgress(1, null));
        Assert.True(set.FollowsProgress);
    }

    [Fact]
    public void CallsBesideRows_SteadyState_AllocateNothing()
    {
        var sink = new Counting();
        var set = new SinkSet(new SinkCaller(TimeProvider.System, CancellationToken.None), new SinkLife());
        set.Add(sink, SinkFailurePolicy.Stop);
        Round(set);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1_000; round++)
            Round(set);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2_002, sink.Calls);

        static void Round(SinkSet set)
        {
            set.Report(new SinkProgress(1, 2));
            set.Flush(1);
        }
    }

    private sealed class Ignoring : IResultSink<string>
    {
        public void OnResults(ResultBatch<string> batch)
        {
        }
    }

    private sealed class Counting : IResultSink<string>
    {
        public int Calls { get; private set; }

        public void OnResults(ResultBatch<string> batch)
        {
        }

        public void OnProgress(in SinkProgress progress) => Calls++;

        public void OnFlush() => Calls++;
    }
}
