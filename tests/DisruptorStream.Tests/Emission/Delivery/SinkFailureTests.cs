using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;

namespace DisruptorStream.Tests.Emission.Delivery;

public sealed class SinkFailureTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public void Flush_StopPolicy_ThrowsWithSinkAndSequences()
    {
        var after = new RecordingSink();
        var failing = new RecordingSink { FailuresToCome = 1 };
        var dispatcher = Dispatchers.Create(
            sinks: [(failing, SinkFailurePolicy.Stop), (after, SinkFailurePolicy.Stop)]);
        Dispatchers.Add(dispatcher, 4, 6);
        var error = Assert.Throws<SinkException>(dispatcher.Flush);
        Assert.Same(failing, error.Sink);
        Assert.Equal((4, 6), (error.FirstSequence, error.LastSequence));
        Assert.Same(dispatcher.LastSinkException, error.InnerException);
        Assert.Empty(after.Batches);
        Assert.Equal((1, 0, 0, 0), Dispatchers.Counts(dispatcher));
    }

    [Fact]
    public void Flush_SkipPolicy_CountsAndServesTheOthers()
    {
        var after = new RecordingSink();
        var stream = new ResultStream<string>(10);
        var failing = new RecordingSink { FailuresToCome = 1 };
        var dispatcher = Dispatchers.Create(
            sinks: [(failing, SinkFailurePolicy.Skip), (after, SinkFailurePolicy.Stop)],
            stream: stream,
            alwaysFeeds: true);
        Dispatchers.Add(dispatcher, 1);
        dispatcher.Flush();
        Dispatchers.Add(dispatcher, 2);
        dispatcher.Flush();
        Assert.Equal(["2"], failing.Batches);
        Assert.Equal(["1", "2"], after.Batches);
        Assert.Equal(2, stream.Count);
        Assert.Equal((1, 0, 1, 2), Dispatchers.Counts(dispatcher));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Flush_RetryPolicy_CallsTheSameSinkWithTheSameBatch(int failures)
    {
        var before = new RecordingSink();
        var failing = new RecordingSink { FailuresToCome = failures };
        var dispatcher = Dispatchers.Create(sinks: [
            (before, SinkFailurePolicy.Stop), (failing, SinkFailurePolicy.Retry(3, TimeSpan.FromTicks(1)))]);
        Dispatchers.Add(dispatcher, 1, 2);
        dispatcher.Flush();
        Assert.Equal(["1,2"], before.Batches);
        Assert.Equal(["1,2"], failing.Batches);
        Assert.Equal(failures + 1, failing.Calls);
        Assert.Equal((failures, failures, 0, 2), Dispatchers.Counts(dispatcher));
    }

    [Fact]
    public void Flush_RetriesUsedUp_SkipsOrStopsAsThePolicySays()
    {
        var skipped = new RecordingSink { FailuresToCome = int.MaxValue };
        var stopped = new RecordingSink { FailuresToCome = int.MaxValue };
        var dispatcher = Dispatchers.Create(sinks: [
            (skipped, SinkFailurePolicy.Retry(2, TimeSpan.Zero, SinkFailurePolicy.Skip)),
            (stopped, SinkFailurePolicy.Retry(4, TimeSpan.Zero, SinkFailurePolicy.Stop))]);
        Dispatchers.Add(dispatcher, 1);
        var error = Assert.Throws<SinkException>(dispatcher.Flush);
        Assert.Contains("5 time(s)", error.Message, StringComparison.Ordinal);
        Assert.Equal((3, 5), (skipped.Calls, stopped.Calls));
        Assert.Equal((8, 6, 1, 0), Dispatchers.Counts(dispatcher));
    }

    [Fact]
    public void Add_DroppedEventSinkFails_FollowsItsPolicy()
    {
        var failing = new DroppedSink([]) { FailuresToCome = 2 };
        var dispatcher = Dispatchers.Create(
            dropped: [(failing, SinkFailurePolicy.Retry(1, TimeSpan.Zero, SinkFailurePolicy.Skip))]);
        dispatcher.Add(Rows.Dropped(5), [0]);
        Assert.Equal((2, 1, 1, 0), Dispatchers.Counts(dispatcher));

        failing.FailuresToCome = 2;
        dispatcher = Dispatchers.Create(dropped: [(failing, SinkFailurePolicy.Stop)]);
        var error = Assert.Throws<SinkException>(() => dispatcher.Add(Rows.Dropped(6), [0]));
        Assert.Equal((6, 6), (error.FirstSequence, error.LastSequence));
    }

    [Fact]
    public async Task Flush_AbortedDuringARetryDelay_Throws()
    {
        using var abort = new CancellationTokenSource();
        var failing = new RecordingSink { FailuresToCome = int.MaxValue };
        var dispatcher = Dispatchers.Create(
            sinks: [(failing, SinkFailurePolicy.Retry(100, TimeSpan.FromMinutes(1)))], abort: abort.Token);
        Dispatchers.Add(dispatcher, 1);
        var flushing = Task.Run(dispatcher.Flush, TestContext.Current.CancellationToken);
        using var guard = new CancellationTokenSource(Guard);
        while (dispatcher.SinkFailures == 0)
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => flushing.WaitAsync(Guard, TestContext.Current.CancellationToken));
        Assert.Equal(1, failing.Calls);
    }

    [Fact]
    public void Flush_AbortedWhileTheSinkRuns_CountsWhatItThrows()
    {
        using var abort = new CancellationTokenSource();
        var failing = new RecordingSink { FailuresToCome = int.MaxValue, OnCall = abort.Cancel };
        var dispatcher = Dispatchers.Create(
            sinks: [(failing, SinkFailurePolicy.Retry(100, TimeSpan.FromMinutes(1)))], abort: abort.Token);
        Dispatchers.Add(dispatcher, 1);
        Assert.Throws<OperationCanceledException>(dispatcher.Flush);
        Assert.Equal((1, 0, 0, 0), Dispatchers.Counts(dispatcher));
    }

    [Fact]
    public void Flush_SinkEndsItsCallBecauseOfTheAbort_IsNotAFailure()
    {
        using var abort = new CancellationTokenSource();
        var sink = new RecordingSink
        {
            OnCall = () =>
            {
                abort.Cancel();
                abort.Token.ThrowIfCancellationRequested();
            },
        };
        var dispatcher = Dispatchers.Create(sinks: [(sink, SinkFailurePolicy.Skip)], abort: abort.Token);
        Dispatchers.Add(dispatcher, 1);
        Assert.Throws<OperationCanceledException>(dispatcher.Flush);
        Assert.Equal((0, 0, 0, 0), Dispatchers.Counts(dispatcher));
    }
}
