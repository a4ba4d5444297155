using System.Collections.Concurrent;
using DisruptorStream.Building.Streams;
using DisruptorStream.Emission;
using DisruptorStream.Streams;

namespace DisruptorStream.Tests.Streams;

/// <summary>A Staged stream has a thread for each group of queries, on one ring.</summary>
public sealed class StagedStreamTests
{
    private readonly record struct Call(long Time, string Model, string Tenant);

    private readonly Probe _models = new();
    private readonly Probe _tenants = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ExplainPlan_Threads_AreThoseOfTheGroups()
    {
        await using var calls = New();

        Assert.Equal(
            ["worker-models, which runs models, all", "worker-tenants, which runs tenants"],
            calls.ExplainPlan().Threads);
        Assert.Contains(
            "thread        worker-tenants, which runs tenants",
            calls.ExplainPlan().ToString(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExecutionMode.Auto)]
    [InlineData(ExecutionMode.Staged)]
    public void Build_Shards_AreRefused(ExecutionMode mode)
    {
        var refused = Assert.Throws<ArgumentException>(() => Step()
            .WithOptions(new StreamProcessorOptions { Mode = mode, ShardCount = 2 }).Build());

        Assert.Contains("leave ShardCount at 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_EachGroup_ComesOnAThreadOfItsOwn()
    {
        await using var calls = New();
        calls.Start();
        Publish(calls, 40);
        await calls.StopAsync(StopMode.Complete, Cancelled);

        Assert.Equal(["disruptorstream-worker-models"], _models.Threads.Keys);
        Assert.Equal(["disruptorstream-worker-tenants"], _tenants.Threads.Keys);
        Assert.Equal((40, 40), (_models.Sum, _tenants.Sum));
        Assert.Equal(40, calls.GetStats().EventsProcessed);
    }

    /// <summary>What one query's sink does holds the others no sooner than the ring is full.</summary>
    [Fact]
    public async Task Publish_SinkOfOneQueryIsHeld_OthersGoOn()
    {
        await using var calls = New();
        calls.Start();
        _models.Hold.Reset();
        Publish(calls, 40);

        await Processors.UntilAsync(() => _tenants.Sum >= 30);
        Assert.Equal(0, _models.Sum);

        _models.Hold.Set();
        await calls.FlushAsync(Cancelled);
        Assert.Equal(_tenants.Sum, _models.Sum);
    }

    [Fact]
    public async Task Publish_SinkOfOneQueryFails_EndsTheStream()
    {
        await using var calls = New();
        calls.Start();
        _tenants.Failure = new TimeoutException("disk");
        _ = Record.Exception(() => Publish(calls, 40));

        var failure = await Assert.ThrowsAsync<PipelineException>(() => calls.Completion);
        Assert.Equal("disruptorstream-worker-tenants", failure.Stage);
        Assert.Throws<PipelineException>(() => Publish(calls, 1));
        await Assert.ThrowsAsync<PipelineException>(() => calls.SaveStateAsync(new MemoryStream(), Cancelled));
    }

    /// <summary>The others wait where the state is saved: for the query whose sink is held, and not for ever.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SaveState_SinkOfOneQueryIsHeld_WaitsOrEndsWithTheStream(bool aborts)
    {
        var calls = New();
        calls.Start();
        _models.Hold.Reset();
        Publish(calls, 40);
        var saved = calls.SaveStateAsync(new MemoryStream(), Cancelled);
        await Processors.UntilAsync(() => _tenants.Sum >= 30);
        Assert.False(saved.IsCompleted);

        if (aborts)
        {
            var stop = calls.StopAsync(StopMode.Abort, Cancelled);
            await Assert.ThrowsAsync<ProcessorStoppedException>(() => saved);
            _models.Hold.Set();
            await stop;
        }
        else
        {
            _models.Hold.Set();
            await saved;
            await calls.StopAsync(StopMode.Complete, Cancelled);
            Assert.Equal((40, 40), (_models.Sum, _tenants.Sum));
        }

        await calls.DisposeAsync();
    }

    [Fact]
    public async Task Stop_FromASink_IsRefusedOnEachThread()
    {
        var calls = New();
        calls.Start();
        var refused = new ConcurrentBag<Exception>();
        _models.OnCall = _tenants.OnCall = () =>
            refused.Add(Record.Exception(() => { _ = calls.StopAsync(StopMode.Complete); })!);
        Publish(calls, 40);
        await calls.FlushAsync(Cancelled);
        Assert.NotEmpty(refused);
        Assert.All(refused, exception => Assert.IsType<InvalidOperationException>(exception));
        await calls.DisposeAsync();
    }

    private static void Publish(EventStream<Call> calls, int count)
    {
        for (var at = 0; at < count; at++)
            calls.Publish(new Call(at, $"m{at % 3}", $"t{at % 4}"));
    }

    private static StreamStep<Call> Step() => StreamProcessorBuilder.For<Call>()
        .EventTime(call => call.Time)
        .Key("model", call => call.Model)
        .Query("models", query => query.By("model").TumblingWindows(TimeSpan.FromTicks(5))
            .Aggregate(a => a.Count("count")));

    private EventStream<Call> New() => StreamProcessorBuilder.For<Call>()
        .EventTime(call => call.Time)
        .Key("model", call => call.Model)
        .Key("tenant", call => call.Tenant)
        .Query("models", query => query.By("model").TumblingWindows(TimeSpan.FromTicks(5))
            .Aggregate(a => a.Count("count")).To(_models))
        .Query("tenants", query => query.By("tenant").TumblingWindows(TimeSpan.FromTicks(5))
            .Aggregate(a => a.Count("count")).To(_tenants))
        .Query("all", query => query.From("models").By("model").TumblingWindows(TimeSpan.FromTicks(20))
            .Aggregate(a => a.Sum("count")).To(new Probe()))
        .WithOptions(Processors.Options(ExecutionMode.Staged))
        .Build();

    /// <summary>Adds counts up, and does what a test wants within the call.</summary>
    private sealed class Probe : IResultSink<string>
    {
        private long _sum;

        public ManualResetEventSlim Hold { get; } = new(initialState: true);

        public ConcurrentDictionary<string, bool> Threads { get; } = [];

        public Exception? Failure { get; set; }

        public Action? OnCall { get; set; }

        public long Sum => Volatile.Read(ref _sum);

        public void OnResults(ResultBatch<string> batch)
        {
            Hold.Wait(Processors.Patience);
            OnCall?.Invoke();
            if (Failure is not null)
                throw Failure;
            Threads[Thread.CurrentThread.Name!] = true;
            foreach (var result in batch)
                Volatile.Write(ref _sum, _sum + (long)result[0]);
        }
    }
}
