using DisruptorStream.Emission;
using DisruptorStream.Ingest;

namespace DisruptorStream.Tests.Ingest.Streams;

/// <summary>
/// Inline, a sink may fail in the call that publishes: the events are in, and the caller is told how many.
/// </summary>
public sealed class FailingCallTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<bool, int> Cases => new()
    {
        { false, 1 },
        { false, 2 },
        { false, 257 },
        { true, 1 },
        { true, 2 },
        { true, 257 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Publish_SinkFailsInTheCall_CountIsThatOfTheEventsThatAreIn(bool isStream, int count)
    {
        await using var run = new Run(isStream);
        var failure = Assert.Throws<PipelineException>(() => run.Publisher.Publish(Events(count)));
        Assert.Equal((count, count), (PublishedCount.Of(failure), run.Published));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task PublishAsync_SinkFailsInTheCall_CountIsThatOfTheEventsThatAreIn(bool isStream, int count)
    {
        await using var run = new Run(isStream);
        var failure = await Assert.ThrowsAsync<PipelineException>(
            () => run.Publisher.PublishAsync(Events(count).AsMemory(), Token).AsTask());
        Assert.Equal((count, count), (PublishedCount.Of(failure), run.Published));
    }

    /// <summary>It throws only where none is in; the next call throws.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public async Task TryPublish_SinkFailsInTheCall_ReturnsHowManyAreIn(bool isStream, int count)
    {
        await using var run = new Run(isStream);
        Assert.Equal(count, run.Publisher.TryPublish(Events(count)));
        Assert.Throws<PipelineException>(() => run.Publisher.TryPublish(Events(count)));
        Assert.Equal(count, run.Published);
    }

    /// <summary>The last one fires the window before it.</summary>
    private static long[] Events(int count)
    {
        var events = new long[count];
        events[^1] = 10;
        return events;
    }

    /// <summary>A publisher of times, into something whose sink fails at the first result.</summary>
    private sealed class Run : IAsyncDisposable
    {
        private readonly EventProcessor _processor;

        public Run(bool isStream)
        {
            var options = Processors.Options(ExecutionMode.Inline);
            if (isStream)
            {
                var stream = StreamProcessorBuilder.For<long>().EventTime(time => time).Key("key", _ => "a")
                    .Query("counts", query => query.By("key").TumblingWindows(TimeSpan.FromTicks(5))
                        .Aggregate(a => a.Count("count")).To(new Failing<string>()))
                    .WithOptions(options).Build();
                (_processor, Publisher) = (stream, stream.CreateEventPublisher("source"));
            }
            else
            {
                var processor = StreamProcessorBuilder.For<long>().KeyBy(_ => "a").EventTime(time => time)
                    .Measure("value", _ => 1.0).TumblingWindows(TimeSpan.FromTicks(5))
                    .Aggregate(a => a.Count("count")).WithOptions(options).To(new Failing<string>()).Build();
                (_processor, Publisher) = (processor, processor.CreateEventPublisher("source"));
            }

            // A window that the next events fire.
            Publisher.Publish(0);
        }

        public EventPublisher<long> Publisher { get; }

        public int Published => (int)_processor.GetStats().EventsPublished - 1;

        public ValueTask DisposeAsync() => _processor.DisposeAsync();
    }

    private sealed class Failing<TKey> : IResultSink<TKey>
    {
        public void OnResults(ResultBatch<TKey> batch) => throw new IOException("the disk is full");
    }
}
