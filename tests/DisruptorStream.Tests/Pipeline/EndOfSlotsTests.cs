using DisruptorStream.Events;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Pipeline.Staged;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;
using DisruptorStream.Telemetry.Guards;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Tests.Pipeline;

/// <summary>
/// A publisher may have claimed behind the Stop slot before it saw that the ring is closed: those slots are void.
/// </summary>
public sealed class EndOfSlotsTests : IDisposable
{
    private readonly SlotRing _ring = new();
    private readonly RingBuffer<EventRun> _runs;

    public EndOfSlotsTests() =>
        _runs = new RingBuffer<EventRun>(new SingleProducerSequencer(64, _ring.Wait, _ring.Wait, _ring.Fault));

    [Fact]
    public void AssignmentWorker_SlotsBehindStopInItsBatch_EndsWithTheRunOfTheStop()
    {
        _ring.Events.PublishControl(SlotKind.Flush);
        var end = _ring.Events.PublishControl(SlotKind.Stop);
        PublishVoid();
        _ring.Events.PublishControl(SlotKind.SourceRemoved);

        var outcome = NewWorker().OnBatch(0, end + 2);

        Assert.Equal(BatchOutcome.Stop, outcome);
        var last = _runs[_runs.Sequencer.LastClaimed];
        Assert.Equal(RunKind.Stop, last.Kind);
        Assert.Equal(end, last.FirstSequence);
        Assert.False(last.HasMore);
    }

    [Fact]
    public void Backlog_SlotsBehindStop_DoNotCount()
    {
        var consumer = new Sequence();
        _ring.Slots.Sequencer.AddGatingSequences(consumer);
        _ring.Events.PublishControl(SlotKind.Flush);
        Assert.Equal(1, _ring.Figures.Backlog);
        var end = _ring.Events.PublishControl(SlotKind.Stop);
        PublishVoid();
        PublishVoid();

        Assert.Equal(2, _ring.Figures.Backlog);
        consumer.SetRelease(0);
        Assert.Equal(1, _ring.Figures.Backlog);
        consumer.SetRelease(end);
        Assert.Equal(0, _ring.Figures.Backlog);
        consumer.SetRelease(end + 2);
        Assert.Equal(0, _ring.Figures.Backlog);
    }

    public void Dispose() => _runs.Dispose();

    private void PublishVoid()
    {
        Assert.True(_ring.Events.TryClaimControl(out var range));
        _ring.Controls.Void(range);
        _ring.Events.Publish(range);
    }

    private SaveMeeting NoSaves() =>
        new(new SavePoints(saver: null!, deliveries: null!), _ring.Fault, shardCount: 0);

    private AssignmentWorker NewWorker()
    {
        var window = FixedWindows.Tumbling(10);
        var stage = new AssignmentRules(0, 0, ProcessingTime: false, MaxSlices: 16)
            .NewStage(new FixedGrid(window), new WatermarkTracker(0, -1));
        return new AssignmentWorker(
            _ring.Slots,
            new GuardedAssignment(stage),
            _runs,
            NoSaves(),
            new StageClock("assignment", TimeProvider.System),
            new BatchTracer(BatchTracer.Handle, "test", 1, new HostFailures()),
            new EngineThreads(),
            CancellationToken.None);
    }
}
