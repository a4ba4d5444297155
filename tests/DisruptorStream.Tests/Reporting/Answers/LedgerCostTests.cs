using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Reporting.Answers;

/// <summary>What the ledger writes: once for a run of events or a step of the watermark, never for an event.</summary>
public sealed class LedgerCostTests
{
    private const int Many = 1000;

    private static readonly TimeWindow First = new(0, TimeSpan.TicksPerSecond);

    /// <summary>A batch of events of one window is one run, however many events it has.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(Many)]
    public void Publish_ABatchOfOneWindow_IsWrittenOnce(int events)
    {
        var processor = Build(history: 16);
        processor.Publish("a", 0, 1);
        Publish(processor, events);

        var answer = processor.Why("a", First);

        // The first event is a run of its own: it makes the first watermark, which is the only step.
        Assert.Equal(2, answer.Runs);
        Assert.Equal(events, answer.LastSequence - answer.FirstSequence);
        Assert.Equal(answer.FirstSequence, processor.WhyNoResult().LastAdvance!.Value.Sequence);
        Assert.Equal(events + 1, processor.GetStats().EventsProcessed);
    }

    /// <summary>Late events in a row are written once, and so is the step that made them late.</summary>
    [Fact]
    public void Publish_LateEventsInARow_AreWrittenOnce()
    {
        // One place for steps of the watermark, and one for runs of late events: a second write would be seen.
        var processor = Build(history: 1);
        processor.Publish("a", 5 * TimeSpan.TicksPerSecond, 1);
        Publish(processor, Many);

        var first = processor.WhyNoResult().Culprit;

        Assert.Equal(Many, first!.Value.EventsLate);
        Assert.Equal(5 * TimeSpan.TicksPerSecond, first.Value.TimestampTicks);
        var sequence = first.Value.Sequence + 1;
        Assert.All(
            [sequence, sequence + Many - 1],
            late => Assert.True(processor.WhyDropped(DropReason.Late, 1, late).IsExact));
    }

    /// <summary>With the ledger off there is nothing to answer from: nothing was kept.</summary>
    [Fact]
    public void Publish_LedgerIsOff_NothingIsKept()
    {
        var processor = Build(history: 0);
        Publish(processor, Many);
        processor.Publish("a", 5 * TimeSpan.TicksPerSecond, 1);
        Publish(processor, Many);

        var answer = processor.Why("a", new TimeWindow(5 * TimeSpan.TicksPerSecond, 6 * TimeSpan.TicksPerSecond));

        Assert.Equal((0L, null, null, null), (
            answer.Runs, answer.FirstSequence, answer.LastSequence, answer.Opened));
        Assert.Null(processor.Why("a", First).CompletedBy);
        Assert.Null(processor.WhyNoResult().LastAdvance);
        Assert.Null(processor.WhyNoResult().Culprit);
        Assert.All(
            processor.Parts.Queries,
            query => Assert.Null(query.Assignment.Ask(stage => stage.History)));
    }

    private static StreamProcessor<string> Build(int history) => StreamProcessorBuilder.ForKeys<string>()
        .TumblingWindows(TimeSpan.FromSeconds(1))
        .Aggregate(a => a.Count("count"))
        .WithOptions(Processors.Options(ExecutionMode.Inline) with { WatermarkHistory = history })
        .Build();

    private static void Publish(StreamProcessor<string> processor, int events)
    {
        var key = processor.GetKey("a");
        var batch = new KeyedEvent[events];
        for (var at = 0; at < events; at++)
            batch[at] = new KeyedEvent(key, at, 1);
        processor.Publish(batch);
    }
}
