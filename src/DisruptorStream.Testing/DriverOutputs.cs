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

    public CollectingSink<TKey> Panes { get; } = new();

    public CollectingDroppedEventSink<TKey> Dropped { get; } = new();

    public TStep Prepare<TStep, TProcessor>(
        BuildStepBase<TStep, TProcessor, TKey> pipeline,
        ExecutionMode mode = ExecutionMode.Inline,
        int shardCount = 1)
        where TStep : BuildStepBase<TStep, TProcessor, TKey> =>
        pipeline
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
