using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Emission.Durable;

/// <summary>Durable sinks are opened before all else, once, with their owner.</summary>
public sealed class DurableSinksTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Start_ProcessorIsNotDurable_OpensOnceAndStoresAll(ExecutionMode mode)
    {
        var target = new DurableTarget<string>();
        for (var run = 1; run <= 2; run++)
        {
            var sink = new DurableCollectingSink<string>(target);
            await using var processor = Processors.Tumbling(1).Counting(mode).WithName("calls").To(sink).Build();
            processor.Start();
            processor.Publish("a", 1, 1);
            processor.Publish("a", 2, 1);
            await processor.StopAsync(StopMode.Complete, Token);

            Assert.Equal((1, 0, "calls", "calls"), (
                sink.Opened, sink.Owner!.Epoch, sink.Owner.ProcessorName, sink.Owner.QueryName));
            Assert.Matches("^[0-9a-f]{32}$", sink.Owner.PlanFingerprint);
            Assert.Equal((0, 2 * run), (target.Held, target.OrdinaryResults.Count));
        }

        Assert.Equal([1, 2, 1, 2], target.OrdinaryResults.Select(result => result.Number));
    }

    [Fact]
    public async Task Start_OpeningFails_IsTreatedAsThePolicySays()
    {
        var failures = 2;
        var sink = new DurableCollectingSink<string>(onCall: (moment, _) =>
        {
            if (moment == DurableMoment.Opening && failures-- > 0)
                throw new IOException("the target is away");
        });
        await using (var retrying = Processors.Tumbling(1).Counting(ExecutionMode.Inline)
            .To(sink, SinkFailurePolicy.Retry(2, TimeSpan.Zero)).Build())
        {
            retrying.Publish("a", 1, 1);
            await retrying.StopAsync(StopMode.Complete, Token);
            Assert.Equal(2, retrying.GetStats().SinkFailures);
        }

        Assert.Single(sink.Target.OrdinaryResults);

        failures = 1;
        await using var stopping = Processors.Tumbling(1).Counting(ExecutionMode.Inline).To(sink).Build();
        var failed = await Assert.ThrowsAsync<PipelineException>(async () =>
        {
            stopping.Publish("a", 1, 1);
            await stopping.StopAsync(StopMode.Complete, Token);
        });
        Assert.Contains("in OpenAsync", Assert.IsType<SinkException>(failed.InnerException).Message);
    }

    [Fact]
    public async Task OpenAsync_SinksOfAQuery_SayWhatTheyHold()
    {
        var durable = new DurableCollectingSink<string>();
        var plain = new CollectingSink<string>();
        SinkRegistration<IResultSink<string>>[] sinks =
        [
            new(durable, SinkFailurePolicy.Stop),
            new(plain, SinkFailurePolicy.Skip),
            new(durable, SinkFailurePolicy.Stop),
        ];
        await durable.OpenAsync(Owner(1), Token);
        durable.OnResults(Numbered(1, 3));

        var opened = await DurableSinks.OpenAsync(sinks, Owner(2), Token);

        Assert.Equal([(true, 3), (false, 0), (true, 3)], opened.Select(sink => (sink.IsOpen, sink.HeldThrough)));
        Assert.Equal(SinkFailurePolicy.Skip, opened[1].Policy);
        Assert.Equal((2, 2), (durable.Opened, durable.Owner!.Epoch));
        Assert.True(DurableSinks.AnyToOpen(sinks, []));
        Assert.False(DurableSinks.AnyToOpen(opened, []));
    }

    [Fact]
    public async Task OpenAsync_SinkThrowsOrGivesNoNumber_IsToldWithItsName()
    {
        var fails = new DurableCollectingSink<string>(onCall: (_, _) => throw new IOException("no such table"));
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => OpenAsync(fails));
        Assert.Contains("DurableCollectingSink<string> of the query 'q'", failed.Message);
        Assert.Contains("no such table", failed.Message);
        Assert.IsType<IOException>(failed.InnerException);

        var wrong = await Assert.ThrowsAsync<InvalidOperationException>(() => OpenAsync(new NegativeSink()));
        Assert.Contains("up to number -1", wrong.Message);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => OpenAsync(new DurableCollectingSink<string>(), new CancellationToken(true)));
    }

    [Fact]
    public async Task OnResults_TestDouble_FencesAndTakesRepeatsButNoGaps()
    {
        var target = new DurableTarget<string>();
        var (older, newer) = (new DurableCollectingSink<string>(target), new DurableCollectingSink<string>(target));
        Assert.Throws<InvalidOperationException>(() => older.OnResults(Numbered(1, 1)));
        Assert.Equal(0, await older.OpenAsync(Owner(1), Token));
        older.OnResults(Numbered(1, 3));
        older.OnResults(Numbered(2, 3));
        Assert.Equal([1, 2, 3, 4], target.Results.Select(result => result.Number));
        Assert.Contains("missing", Assert.Throws<InvalidOperationException>(
            () => older.OnResults(Numbered(6, 1))).Message);

        Assert.Equal(4, await newer.OpenAsync(Owner(2), Token));
        Assert.Contains("epoch 2", Assert.Throws<InvalidOperationException>(
            () => older.OnResults(Numbered(5, 1))).Message);
        await Assert.ThrowsAsync<InvalidOperationException>(() => older.OpenAsync(Owner(1), Token).AsTask());
        target.SetBack(2);
        Assert.Equal((2, 2), (await newer.OpenAsync(Owner(2), Token), target.Held));
    }

    private static Task<IReadOnlyList<SinkRegistration<IResultSink<string>>>> OpenAsync(
        IResultSink<string> sink, CancellationToken? token = null) => DurableSinks.OpenAsync(
        [new SinkRegistration<IResultSink<string>>(sink, SinkFailurePolicy.Stop)], Owner(1), token ?? Token);

    private static DurableSinkOwner Owner(long epoch) => new()
    {
        ProcessorName = "p",
        QueryName = "q",
        Epoch = epoch,
        PlanFingerprint = "f",
    };

    private static ResultBatch<string> Numbered(long first, int count)
    {
        var batch = Rows.Owned(count);
        batch.NumberFrom(first);
        return batch;
    }

    private sealed class NegativeSink : IDurableSink<string>
    {
        public DurableGuarantee Guarantee => DurableGuarantee.AtLeastOnce;

        public ValueTask<long> OpenAsync(DurableSinkOwner owner, CancellationToken cancellationToken) => new(-1);

        public void OnResults(ResultBatch<string> batch)
        {
        }
    }
}
