using CsCheck;
using DisruptorStream.Ingest;

namespace DisruptorStream.Tests.Ingest;

/// <summary>
/// Several events in one call: what is published where not all of them can be, and how the caller knows.
/// </summary>
public sealed class SeveralEventsTests
{
    private const int Ring = 64;
    private const int Events = 150;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryPublish_LessRoomThanEvents_TakesTheFirstAndTheRestComesLater(bool typed)
    {
        await using var run = new SeveralEvents(ExecutionMode.Fused, typed, Events);

        var taken = run.TryPublish(0);

        Assert.InRange(taken, 1, Ring);
        Assert.Equal(0, run.TryPublish(taken));
        Assert.Equal(taken, run.Published);
        run.Processor.Start();
        while (taken < Events)
            taken += run.TryPublish(taken);
        Assert.Equal(SeveralEvents.Numbers(Events), await run.CompleteAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TryPublish_EventThatCannotBePublished_ThrowsWhereItIsTheFirst(bool typed)
    {
        await using var run = new SeveralEvents(ExecutionMode.Inline, typed, Events);
        run.Break(at: 70);

        Assert.Equal(70, run.TryPublish(0));
        Assert.Throws<ArgumentException>(() => run.TryPublish(70));
        Assert.Equal(70, run.Published);
        Assert.Equal(Events - 71, run.TryPublish(71));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PublishAsync_LessRoomThanEvents_WaitsWithoutAThreadUntilAllArePublished(bool typed)
    {
        await using var run = new SeveralEvents(ExecutionMode.Fused, typed, Events);

        var publish = run.PublishAsync(0, Token);

        Assert.False(publish.IsCompleted);
        run.Processor.Start();
        await publish.AsTask().WaitAsync(Processors.Patience, Token);
        Assert.Equal(SeveralEvents.Numbers(Events), await run.CompleteAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PublishAsync_CancelledInTheWait_SaysHowManyArePublished(bool typed)
    {
        await using var run = new SeveralEvents(ExecutionMode.Fused, typed, Events);
        using var cancellation = new CancellationTokenSource();
        var publish = run.PublishAsync(0, cancellation.Token);

        await cancellation.CancelAsync();

        var cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publish.AsTask());
        var done = PublishedCount.Of(cancelled);
        Assert.InRange(done, 1, Ring);
        Assert.Equal(run.Published, done);
        run.Processor.Start();
        await run.PublishAsync(done, Token);
        Assert.Equal(SeveralEvents.Numbers(Events), await run.CompleteAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PublishAsync_AbortedInTheWait_IsStoppedAndSaysHowManyWerePublished(bool typed)
    {
        await using var run = new SeveralEvents(ExecutionMode.Fused, typed, Events);
        var publish = run.PublishAsync(0, Token);

        await run.Processor.StopAsync(StopMode.Abort, Token);

        var stopped = await Assert.ThrowsAsync<ProcessorStoppedException>(() => publish.AsTask());
        Assert.Equal(run.Published, PublishedCount.Of(stopped));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task PublishAsync_PublisherDisposedInTheWait_SaysHowManyWerePublished(bool typed)
    {
        await using var run = new SeveralEvents(ExecutionMode.Fused, typed, Events);
        var publish = run.PublishAsync(0, Token);

        run.Dispose();
        run.Processor.Start();

        var disposed = await Assert.ThrowsAsync<ObjectDisposedException>(() => publish.AsTask());
        Assert.InRange(PublishedCount.Of(disposed), 1, Ring);
    }

    /// <summary>Where the event is behind the room too: those before it are published first.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline, false)]
    [InlineData(ExecutionMode.Inline, true)]
    [InlineData(ExecutionMode.Fused, false)]
    [InlineData(ExecutionMode.Fused, true)]
    [InlineData(ExecutionMode.Staged, true)]
    public async Task PublishAndPublishAsync_EventThatCannotBePublished_ThoseBeforeItAreIn(
        ExecutionMode mode, bool typed)
    {
        foreach (var at in new[] { 0, 1, 30, 100, Events - 1 })
        {
            foreach (var waits in new[] { false, true })
            {
                await using var run = new SeveralEvents(mode, typed, Events);
                run.Break(at);
                run.Processor.Start();

                Exception failure = waits
                    ? await Assert.ThrowsAsync<ArgumentException>(() => run.PublishAsync(0, Token).AsTask())
                    : Assert.Throws<ArgumentException>(() => run.Publish(0));

                Assert.Equal(at, PublishedCount.Of(failure));
                Assert.Equal(SeveralEvents.Numbers(at), await run.CompleteAsync());
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Publish_StoppedProcessor_SaysThatNoneWasPublished(bool typed)
    {
        await using var run = new SeveralEvents(ExecutionMode.Inline, typed, Events);
        run.Publish(0);
        await run.Processor.StopAsync(StopMode.Drain, Token);

        var stopped = Assert.Throws<ProcessorStoppedException>(() => run.Publish(0));

        Assert.Equal(0, PublishedCount.Of(stopped));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnyVerb_NoEvents_DoesNothing(bool typed)
    {
        await using var run = new SeveralEvents(ExecutionMode.Inline, typed, Events);

        run.Publish(Events);
        Assert.Equal(0, run.TryPublish(Events));
        Assert.True(run.PublishAsync(Events, Token).AsTask().IsCompletedSuccessfully);

        Assert.Equal(0, run.Published);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnyVerb_ThereIsRoom_CompletesAtOnceAndAllocatesNothing(bool typed)
    {
        await using var run = new SeveralEvents(ExecutionMode.Inline, typed, Events);
        var least = long.MaxValue;
        for (var round = 0; round < 20; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var all = run.TryPublish(0) == Events && run.PublishAsync(0, Token).AsTask().IsCompletedSuccessfully;
            all &= run.TryPublishOne(0) && run.PublishOneAsync(0, Token).AsTask().IsCompletedSuccessfully;
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.True(all);
        }

        Assert.Equal(0, least);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task OneEvent_RingIsFull_WaitsOrIsRefused(bool typed)
    {
        await using var run = new SeveralEvents(ExecutionMode.Fused, typed, Events);
        var done = 0;
        while (run.TryPublishOne(done))
            done++;

        Assert.Equal(run.Published, done);
        var publish = run.PublishOneAsync(done, Token);
        Assert.False(publish.IsCompleted);
        run.Processor.Start();
        await publish.AsTask().WaitAsync(Processors.Patience, Token);
        Assert.Equal(SeveralEvents.Numbers(done + 1), await run.CompleteAsync());
    }

    /// <summary>However the verbs follow each other, and wherever an event is that cannot be published.</summary>
    [Fact]
    public void AnyVerbs_AnyParts_PublishEachEventOnceAndInOrder() =>
        Gen.Select(Gen.Bool, Gen.Int[-1, Events - 1], Gen.Select(Gen.Int[0, 2], Gen.Int[1, 120]).Array[1, 30]).Sample(
            (typed, broken, calls) =>
            {
                var run = new SeveralEvents(ExecutionMode.Fused, typed, Events);
                if (broken >= 0)
                    run.Break(broken);
                run.Processor.Start();
                var next = 0;
                foreach (var (verb, count) in calls)
                {
                    next += run.Call(verb, next, Math.Min(count, Events - next), Token);

                    // The event that cannot be published is left out.
                    if (next == broken)
                        next++;
                }

                var expected = SeveralEvents.Numbers(next).Where(number => number != broken);
                Assert.Equal(expected, run.CompleteAsync().GetAwaiter().GetResult());
                run.DisposeAsync().AsTask().GetAwaiter().GetResult();
            },
            iter: 60,
            threads: 1);

    [Fact]
    public async Task TryClaim_RingIsFull_ReturnsFalse()
    {
        await using var run = new SeveralEvents(ExecutionMode.Fused, typed: false, Events);
        var claimed = 0;
        while (run.Processor.TryClaim(Ring, out var claim))
        {
            while (claim.Count < claim.Capacity)
                claim.Add(1, claimed++, 1);
            claim.Publish();
        }

        Assert.InRange(claimed, 1, Ring);
        Assert.Equal(claimed, run.Published);
    }

    [Fact]
    public async Task TryClaim_NoRoomAskedFor_Throws()
    {
        await using var run = new SeveralEvents(ExecutionMode.Inline, typed: false, Events);

        Assert.Throws<ArgumentOutOfRangeException>(() => run.Processor.TryClaim(0, out _));
    }

    /// <summary>What a claim holds is held by one that was tried for as well.</summary>
    [Fact]
    public async Task TryClaim_InlineClaimIsOpen_OtherCallsAreRefused()
    {
        await using var run = new SeveralEvents(ExecutionMode.Inline, typed: false, Events);
        Assert.True(run.Processor.TryClaim(2, out var claim));
        claim.Add(1, 1, 1);

        Assert.Throws<InvalidOperationException>(() => run.Processor.TryClaim(2, out _));

        claim.Publish();
        Assert.Equal(1, run.Published);
    }

    [Fact]
    public void Of_FailureOfAnotherCall_IsZero() => Assert.Equal(0, PublishedCount.Of(new TimeoutException()));
}
