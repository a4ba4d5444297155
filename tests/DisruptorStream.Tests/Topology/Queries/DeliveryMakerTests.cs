using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Pumping;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Tests.Plans;
using DisruptorStream.Topology;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace DisruptorStream.Tests.Topology.Queries;

public sealed class DeliveryMakerTests
{
    private static readonly DurableSinkOwner Owner = new()
    {
        ProcessorName = "p",
        QueryName = "q",
        Epoch = 3,
        PlanFingerprint = "f",
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OpenAsync_DurableSinks_AreOpenAndSayWhatTheyHold()
    {
        var (first, second) = (new DurableCollectingSink<string>(), new DurableCollectingSink<string>());
        DeliveryMaker maker = new DeliveryMaker<string>(Services(first, new CollectingSink<string>(), second));
        Assert.Empty(maker.Held);

        var opened = await maker.OpenAsync(Owner, Token);

        Assert.Equal([0L, 0L], opened.Held);
        Assert.Equal([Owner, Owner], (DurableSinkOwner?[])[first.Owner, second.Owner]);
    }

    /// <summary>The same events once more, as a replay has them: each sink gets what it does not hold.</summary>
    [Theory]
    [InlineData(0, 0)]
    [InlineData(3, 5)]
    [InlineData(20, 2)]
    public async Task GoOnBehind_EventsComeAgain_SinksGetWhatTheyDoNotHold(int stored, int handed)
    {
        var target = new DurableTarget<string>();
        await RunAsync(Events(stored), new DurableCollectingSink<string>(target), null, 0, null);

        var (plain, pumped) = (new CollectingSink<string>(), new CollectingAsyncSink<string>());
        await RunAsync(Events(20), new DurableCollectingSink<string>(target), plain, handed, pumped);

        Assert.Equal(Enumerable.Range(1, 20), target.Results.Select(result => (int)result.Number));
        Assert.Equal(Enumerable.Range(handed + 1, 20 - handed), plain.Results.Select(result => (int)result.Number));
        Assert.Equal(plain.Results.Select(result => result.Number), pumped.Results.Select(result => result.Number));
    }

    private static int[] Events(int count) => [.. Enumerable.Range(0, count)];

    /// <summary>A result for each event.</summary>
    private static async Task RunAsync(
        int[] events,
        DurableCollectingSink<string> durable,
        CollectingSink<string>? plain,
        long handed,
        CollectingAsyncSink<string>? pumped)
    {
        IResultSink<string>[] sinks = plain is null ? [durable] : [durable, plain];
        var services = Services(sinks) with
        {
            AsyncSinks = pumped is null ? [] : [new AsyncSinkRegistration<string>(pumped, new AsyncSinkOptions())],
        };
        var maker = await new DeliveryMaker<string>(services).GoOnBehind(handed, 0).OpenAsync(Owner, Token);
        var parts = ProcessorTopology.Build(
            Processors.Tumbling(1).Counting(ExecutionMode.Inline).Plan(),
            new ProcessorServices(TimeProvider.System, NullLogger.Instance)
            {
                ShutdownTimeout = TimeSpan.FromSeconds(5),
                MeasuresLatency = false,
                BatchesPerTrace = 1024,
            },
            [new KeyColumnMaker<string>(100, null)],
            [maker],
            state: null);
        await using var processor = new StreamProcessor<string>(parts, instruments: null);
        foreach (var time in events)
            processor.Publish("a", time, 1);
        await processor.StopAsync(StopMode.Complete, Token);
    }

    private static QueryServices<string> Services(params IResultSink<string>[] sinks) => new()
    {
        Sinks = [.. sinks.Select(
            sink => new SinkRegistration<IResultSink<string>>(sink, SinkFailurePolicy.Stop))],
        ResultBufferSize = 16,
    };
}
