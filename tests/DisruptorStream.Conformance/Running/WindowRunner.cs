using DisruptorStream.Building;
using DisruptorStream.Conformance.Cases;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Gaps;

namespace DisruptorStream.Conformance.Running;

/// <summary>Runs window vectors through a processor.</summary>
internal static class WindowRunner
{
    public static async Task<WindowOutcome> RunAsync(WindowVector vector, RunSettings settings)
    {
        var clock = new VirtualClock();
        var sink = new CollectingSink<string>();
        var panes = new List<Pane>();
        await using var run = new RestartingRun(settings, current => Configure(vector)
            .Aggregate(aggregates => aggregates.Count("count").Sum("sum"))
            .WithOptions(current.Options)
            .WithTimeProvider(clock)
            .To(sink));
        var publisher = run.Processor.CreatePublisher("source");
        for (var step = 0; step < vector.Steps.Count; step++)
        {
            Apply(vector.Steps[step], run.Processor, publisher, clock);
            await run.Processor.FlushAsync();
            if (await run.EndStepAsync())
                publisher = run.Processor.CreatePublisher("source");
            panes.AddRange(Panes.TakeFrom(sink, step));
        }

        var stats = run.Processor.GetStats();
        var dropped = stats.LateDropped + stats.DroppedBy(DropReason.AfterEnd)
            + stats.DroppedBy(DropReason.TimestampJump);
        return new WindowOutcome(panes, dropped);
    }

    private static WindowedStep<string> Configure(WindowVector vector)
    {
        var step = Windowing.Step(vector.Window)
            .AllowedLateness(Windowing.Span(vector.AllowedLateness))
            .Watermarks(new WatermarkOptions
            {
                MaxOutOfOrderness = Windowing.OptionalSpan(vector.MaxOutOfOrderness),
                AdvanceWhenQuiet = Windowing.OptionalSpan(vector.QuietAfter),
                JumpGuard = Windowing.GuardOf(vector.JumpGuard),
            })
            .Accumulation(vector.Mode switch
            {
                "accumulating" => AccumulationMode.Accumulating,
                "discarding" => AccumulationMode.Discarding,
                "retracting" => AccumulationMode.Retracting,
                _ => throw new InvalidDataException($"The mode '{vector.Mode}' of {vector.Id} is not known."),
            });
        if (vector.Fill is { } fill)
            step = step.FillGaps(fill.MaxEmpty, Enum.Parse<GapValues>(fill.With, ignoreCase: true));
        if (vector.PerKey is { } time)
            step = step.WatermarksPerKey(Windowing.Span(time.Bound), Windowing.OptionalSpan(time.CloseAfter));
        if (vector.ProcessingTime)
            step = step.InProcessingTime();
        return Trigger(step, vector.Trigger);
    }

    private static WindowedStep<string> Trigger(
        WindowedStep<string> step, TriggerShape trigger)
    {
        if (trigger.EarlyCount is not null || trigger.EarlyDelay is not null)
        {
            TimeSpan? delay = trigger.EarlyDelay is { } ticks ? Windowing.Span(ticks) : null;
            step = step.Early(trigger.EarlyCount, delay);
        }

        if (trigger.LateNever)
            return step.LateNever();
        if (trigger.LateDelay is { } lateDelay)
            return step.Late(Windowing.Span(lateDelay));
        return step.Late(trigger.LateCount ?? 1);
    }

    private static void Apply(
        WindowStep step, StreamProcessor<string> processor, KeyedPublisher<string> publisher, VirtualClock clock)
    {
        switch (step)
        {
            case WindowStep.Event published:
                publisher.PublishBits(published.Key, published.Time, [published.Value]);
                break;
            case WindowStep.Watermark watermark:
                publisher.AdvanceWatermark(watermark.Time);
                break;
            case WindowStep.Clock time:
                clock.Ticks = time.Time;
                processor.Advance();
                break;
            case WindowStep.EndOfInput:
                publisher.Complete();
                break;
            default:
                throw new InvalidDataException($"The step {step} is not known.");
        }
    }
}
