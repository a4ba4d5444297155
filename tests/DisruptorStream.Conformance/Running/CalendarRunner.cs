using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Conformance.Cases;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Conformance.Running;

/// <summary>
/// Runs calendar vectors: one event goes in, and the window that fires at the end is the one that held it. Here a
/// millisecond is a millisecond.
/// </summary>
internal static class CalendarRunner
{
    public static async Task<IReadOnlyList<(long Start, long End)>> RunAsync(
        CalendarVector vector, RunSettings settings)
    {
        var sink = new CollectingSink<string>();
        await using var run = new RestartingRun(settings, current => Windows(vector)
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = null })
            .Aggregate(aggregates => aggregates.Count("count").Sum("sum"))
            .WithOptions(current.Options)
            .WithTimeProvider(new VirtualClock())
            .To(sink));
        var publisher = run.Processor.CreatePublisher("source");
        publisher.PublishBits("key", checked(vector.Time * TimeSpan.TicksPerMillisecond), [1]);
        await run.Processor.FlushAsync();
        if (await run.EndStepAsync())
            publisher = run.Processor.CreatePublisher("source");
        publisher.Complete();
        await run.Processor.FlushAsync();
        return
        [
            .. sink.Results
                .Select(pane => (InMilliseconds(pane.Window.StartTicks), InMilliseconds(pane.Window.EndTicks)))
                .Order(),
        ];
    }

    private static WindowedStep<string> Windows(CalendarVector vector) =>
        StreamProcessorBuilder.ForKeys<string>().Measure("value", MeasureType.Int64).CalendarWindows(
            Enum.Parse<CalendarUnit>(vector.Unit, ignoreCase: true),
            TimeZoneInfo.FindSystemTimeZoneById(vector.Zone),
            vector.Count,
            vector.FirstDayOfWeek is { } day ? Enum.Parse<DayOfWeek>(day, ignoreCase: true) : DayOfWeek.Monday);

    private static long InMilliseconds(long ticks) => Math.DivRem(ticks, TimeSpan.TicksPerMillisecond) switch
    {
        (var milliseconds, 0) => milliseconds,
        _ => throw new InvalidDataException($"The window's edge at {ticks} ticks is not at a whole millisecond."),
    };
}
