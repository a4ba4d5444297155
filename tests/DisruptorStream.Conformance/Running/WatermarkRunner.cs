using DisruptorStream.Conformance.Cases;
using DisruptorStream.Ingest;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Conformance.Running;

/// <summary>Runs watermark vectors through a processor.</summary>
internal static class WatermarkRunner
{
    private static readonly WindowShape OneTick = new("tumbling", 1, 1, 0, 0);

    /// <summary>The state after every step.</summary>
    public static async Task<IReadOnlyList<CombinedState>> RunAsync(WatermarkVector vector, RunSettings settings)
    {
        var clock = new VirtualClock();
        await using var run = new RestartingRun(settings, current => Windowing.Step(OneTick)
            .Watermarks(Watermarks(vector))
            .Aggregate(aggregates => aggregates.Count("count"))
            .WithOptions(current.Options)
            .WithTimeProvider(clock)
            .To(new CollectingSink<string>()));
        var publishers = new Dictionary<string, KeyedPublisher<string>>(StringComparer.Ordinal);
        foreach (var source in vector.Sources)
            publishers[source] = run.Processor.CreatePublisher(source);

        var states = new List<CombinedState>();
        for (var step = 0; step < vector.Steps.Count; step++)
        {
            Apply(vector.Steps[step], run.Processor, publishers, clock);
            await run.Processor.FlushAsync();
            states.Add(new CombinedState(step, run.Processor.WatermarkTicks, IdleSources(run.Processor)));
            if (!await run.EndStepAsync())
                continue;
            foreach (var source in publishers.Keys)
                publishers[source] = run.Processor.CreatePublisher(source);
        }

        foreach (var publisher in publishers.Values)
            publisher.Dispose();
        return states;
    }

    private static WatermarkOptions Watermarks(WatermarkVector vector) => new()
    {
        MaxOutOfOrderness = Windowing.OptionalSpan(vector.MaxOutOfOrderness),
        IdleTimeout = Windowing.OptionalSpan(vector.IdleTimeout),
        AdvanceWhenQuiet = Windowing.OptionalSpan(vector.QuietAfter),
        JumpGuard = Windowing.GuardOf(vector.JumpGuard),
    };

    private static string[] IdleSources(StreamProcessor<string> processor) =>
        [.. processor.GetSources()
            .Where(source => source.State == SourceState.Idle)
            .Select(source => source.Name)
            .Order(StringComparer.Ordinal)];

    private static void Apply(
        SourceStep step,
        StreamProcessor<string> processor,
        Dictionary<string, KeyedPublisher<string>> publishers,
        VirtualClock clock)
    {
        switch (step)
        {
            case SourceStep.Event published:
                publishers[published.Source].PublishBits(published.Key, published.Time, [1]);
                break;
            case SourceStep.Watermark watermark:
                publishers[watermark.Source].AdvanceWatermark(watermark.Time);
                break;
            case SourceStep.Clock time:
                clock.Ticks = time.Time;
                processor.Advance();
                break;
            case SourceStep.Change { Kind: "added", Source: var added }:
                publishers[added] = processor.CreatePublisher(added);
                break;
            case SourceStep.Change { Kind: "removed", Source: var removed }:
                publishers[removed].Dispose();
                publishers.Remove(removed);
                break;
            case SourceStep.Change { Kind: "idle", Source: var idle }:
                publishers[idle].MarkIdle();
                break;
            case SourceStep.Change { Kind: "active", Source: var active }:
                publishers[active].MarkActive();
                break;
            case SourceStep.Change { Kind: "done", Source: var done }:
                publishers[done].Complete();
                break;
            default:
                throw new InvalidDataException($"The step {step} is not known.");
        }
    }
}
