using DisruptorStream.Rings;
using DisruptorStream.Rings.Waiting;

namespace DisruptorStream.Tests.Rings;

/// <summary>The adaptive strategy where the busy threads outnumber the processors.</summary>
public sealed class CrowdedWaitStrategyTests : WaitStrategyContract
{
    [Theory]
    [InlineData(WaitStrategyKind.Adaptive)]
    [InlineData(WaitStrategyKind.Yielding)]
    [InlineData(WaitStrategyKind.BusySpin)]
    public void Create_MoreThreadsThanProcessors_DoesNotSpin(WaitStrategyKind kind)
    {
        var crowded = WaitStrategy.Create(kind, new ProcessorBudget(2), busyThreads: 3);
        var roomy = WaitStrategy.Create(kind, new ProcessorBudget(3), busyThreads: 3);

        // What shows is the pause between batches, which is itself a spin, and the type of the busy-spinning one.
        Assert.Equal(0, crowded.LongestPause);
        Assert.True(roomy.LongestPause > 0 || kind == WaitStrategyKind.BusySpin);
        Assert.DoesNotContain("BusySpin", crowded.GetType().Name, StringComparison.Ordinal);
    }

    /// <summary>Where each result waits for the disk, nobody looks again and again for want of a processor.</summary>
    [Theory]
    [InlineData(2, true, typeof(BlockingWaitStrategy))]
    [InlineData(2, false, typeof(AdaptiveWaitStrategy))]
    [InlineData(3, true, typeof(AdaptiveWaitStrategy))]
    public void Create_ResultsAwaitTheDisk_ParksAtOnceWhereProcessorsAreFew(int processors, bool awaitsDisk, Type kind)
    {
        var wait = WaitStrategy.Create(
            WaitStrategyKind.Adaptive, new ProcessorBudget(processors), busyThreads: 3, awaitsDisk);

        Assert.IsType(kind, wait);
    }

    [Fact]
    public void Create_UnknownKind_Throws() => Assert.Throws<ArgumentOutOfRangeException>(
        () => WaitStrategy.Create((WaitStrategyKind)99, new ProcessorBudget(1), 1));

    private protected override WaitStrategy NewStrategy() =>
        WaitStrategy.Create(WaitStrategyKind.Adaptive, new ProcessorBudget(1), busyThreads: 5);
}
