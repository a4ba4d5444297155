using DisruptorStream.Building;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Testing;

/// <summary>What a driver puts into a pipeline: a clock, and sinks that keep everything.</summary>
internal sealed class DriverOutputs<TKey>
    where TKey : notnull
{
    private readonly bool _hasStart;

    public DriverOutputs(DateTimeOffset? startTime)
    {
        _hasStart = startTime is not null;
        Clock = new VirtualClock(startTime ?? DateTimeOffset.UnixEpoch);
    }

    public VirtualClock Clock { get; }

    /// <summary>How far the clock may go between two ticks without being held for one that stood still.</summary>
    public TimeSpan LongestStep { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Moves the clock on and tells the pipeline, more than once only where one tick is too few.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time does not go forward.</exception>
    public void AdvanceTime(StreamProcessor<TKey> processor, TimeSpan by)
    {
        for (; by > LongestStep; by -= LongestStep)
        {
            Clock.Advance(LongestStep);
            processor.Advance();
        }

        Clock.Advance(by);
        processor.Advance();
    }

    public CollectingSink<TKey> Panes { get; } = new();

    public CollectingDroppedEventSink<TKey> Dropped { get; } = new();

    public TStep Prepare<TStep, TProcessor>(
        BuildStepBase<TStep, TProcessor, TKey> pipeline,
        ExecutionMode mode = ExecutionMode.Inline,
        int shardCount = 1)
        where TStep : BuildStepBase<TStep, TProcessor, TKey>
    {
        if (pipeline.Watermarks.AdvanceWhenQuiet is not null || pipeline.Definition.KeyTime is not null)
            LongestStep = 2 * pipeline.Definition.TickInterval;
        return pipeline
            .ChangeOptions(options => options with
            {
                Mode = mode,
                ShardCount = shardCount,
                FutureSkewLimit = _hasStart ? options.FutureSkewLimit : null,
            })
            .WithTimeProvider(Clock)
            .To(Panes)
            .DroppedEventsTo(Dropped);
    }
}
