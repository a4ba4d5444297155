using CsCheck;
using DisruptorStream.Building;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;
using DisruptorStream.Watermarks.History;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Tests.Reporting.Answers;

public sealed class WhyDroppedTests
{
    // Times are multiples of this and a number of their own, so that a time says which event it is.
    private const int Distinct = 64;

    private static readonly Gen<LateStep> AnyStep =
        from source in Gen.Int[0, 2]
        from isWatermark in Gen.Int[0, 9]
        from time in Gen.Int[0, 40]
        from jump in Gen.Int[0, 19]
        select new LateStep(source, isWatermark == 0, ((time + (jump == 0 ? 60 : 0)) * Distinct) - 200);

    private static readonly Gen<LateCase> AnyCase =
        from sources in Gen.Int[1, 3]
        from slide in Gen.Int[1, 5]
        from overlap in Gen.Int[1, 4]
        from disorder in Gen.Int[0, 4]
        from lateness in Gen.Int[0, 6]
        from steps in AnyStep.Array[1, 60]
        select new LateCase(
            slide * overlap * Distinct,
            slide * Distinct,
            disorder * Distinct,
            lateness * Distinct,
            sources,
            [
                .. steps.Select((step, index) =>
                    step with { Source = step.Source % sources, Ticks = step.Ticks + index }),
            ]);

    /// <summary>A silence allows no lateness, so none is proposed.</summary>
    [Fact]
    public void WhyDropped_LateForASilence_ProposesAnOutOfOrderness()
    {
        using var driver = StreamTestDriver.Create(StreamProcessorBuilder.ForKeys<string>()
            .Silence(TimeSpan.FromSeconds(60))
            .Aggregate(a => a.Count("count")));
        driver.Publish("a", 500 * TimeSpan.TicksPerSecond, 1);
        driver.Publish("a", 400 * TimeSpan.TicksPerSecond, 1);

        var answer = driver.Processor.WhyDropped(DropReason.Late, 400 * TimeSpan.TicksPerSecond, sequence: 3);

        Assert.Null(answer.LatenessNeeded);
        Assert.DoesNotContain("allowed lateness", answer.Summary, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("MaxOutOfOrderness longer by", answer.Summary, StringComparison.Ordinal);
    }

    /// <summary>Of every late event the right culprit, and the least lateness that would have saved it.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    public void Why_AnyLateEventOfAGrid_NamesTheCulpritAndTheLateness(ExecutionMode mode) => AnyCase.Sample(
        given => Check(
            given,
            mode,
            step => step.SlidingWindows(
                TimeSpan.FromTicks(given.SizeTicks), TimeSpan.FromTicks(given.SlideTicks)),
            given.LastEndOf,
            isGrid: true),
        iter: mode == ExecutionMode.Inline ? 300 : 40);

    /// <summary>Of windows of several sizes it is the step that passed the last of them.</summary>
    [Fact]
    public void Why_AnyLateEventOfSeveralSizes_NamesTheCulpritAndTheLateness() => AnyCase.Sample(
        given =>
        {
            var longTicks = 3 * given.SizeTicks;
            Check(
                given,
                ExecutionMode.Inline,
                step => step.Windows(sizes => sizes
                    .Sliding(TimeSpan.FromTicks(given.SizeTicks), TimeSpan.FromTicks(given.SlideTicks))
                    .Tumbling(TimeSpan.FromTicks(longTicks))),
                time => Math.Max(
                    given.LastEndOf(time), (TickMath.FloorDiv(time, longTicks) * longTicks) + longTicks),
                isGrid: true);
        },
        iter: 300);

    /// <summary>Days of Berlin in the week in which one has 23 hours, and in the one in which one has 25.</summary>
    [Theory]
    [InlineData(3, 28)]
    [InlineData(10, 24)]
    public void Why_AnyLateEventOfACalendar_NamesTheCulpritAndTheLateness(int month, int day)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var startTicks = new DateTime(2026, month, day, 0, 0, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;

        // An hour for what is a step of time in the other cases.
        const long Scale = TimeSpan.TicksPerHour / Distinct;
        AnyCase.Sample(
            given => Check(
                given with
                {
                    OutOfOrdernessTicks = given.OutOfOrdernessTicks * Scale,
                    LatenessTicks = given.LatenessTicks * Scale,
                    Steps = [.. given.Steps.Select(step => step with { Ticks = startTicks + (step.Ticks * Scale) })],
                },
                ExecutionMode.Inline,
                step => step.CalendarWindows(CalendarUnit.Day, zone),
                time => NextMidnight(time, zone),
                isGrid: true),
            iter: 200);
    }

    /// <summary>
    /// Of sessions not every step is kept: then the step that is named is the first kept one after it.
    /// </summary>
    [Fact]
    public void Why_AnyLateEventOfASession_TheCulpritIsTheOneThatIsNamedOrBeforeIt() => AnyCase.Sample(
        given => Check(
            given,
            ExecutionMode.Inline,
            step => step.SessionWindows(TimeSpan.FromTicks(given.SizeTicks)),
            time => time + given.SizeTicks,
            isGrid: false),
        iter: 200);

    [Fact]
    public void Why_HistoryIsOff_TheAnswerHasNoCulprit()
    {
        var dropped = new CollectingDroppedEventSink<string>();
        var processor = Processors.Tumbling(10).Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { WatermarkHistory = 0 })
            .DroppedEventsTo(dropped).Build();
        processor.Publish("a", 25, 1);
        processor.Publish("a", 3, 1);
        var drop = Assert.Single(dropped.Dropped);
        var answer = processor.WhyDropped(drop.Reason, drop.TimestampTicks, drop.Sequence);
        Assert.Null(answer.Culprit);
        Assert.Null(answer.LatenessNeeded);
        Assert.Equal(10, answer.WindowEndTicks);
        Assert.Null(processor.WhyNoResult().LastAdvance);
    }

    [Fact]
    public void Why_AnotherReason_SaysWhichSettingDecides()
    {
        var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).Build();
        var answer = processor.WhyDropped(DropReason.NotFinite, 5, 7);
        Assert.Equal("NotFinite: a measure was NaN or infinite: NonFinite", answer.Summary);
        Assert.Null(answer.ExpiryTicks);
        Assert.Throws<ArgumentOutOfRangeException>(() => processor.WhyDropped((DropReason)99, 5, 7));
    }

    [Fact]
    public void Why_TheStepIsNoLongerKept_SaysSo()
    {
        var dropped = new CollectingDroppedEventSink<string>();
        var processor = Processors.Tumbling(10).Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { WatermarkHistory = 2 })
            .DroppedEventsTo(dropped).Build();
        for (var time = 0; time < 100; time += 10)
            processor.Publish("a", time, 1);
        processor.Publish("a", 3, 1);
        var drop = Assert.Single(dropped.Dropped);
        var answer = processor.WhyDropped(drop.Reason, drop.TimestampTicks, drop.Sequence);
        Assert.Null(answer.Culprit);
        Assert.Equal(TimeSpan.FromTicks(90 - 10 + 1), answer.LatenessNeeded);
        Assert.Contains("no longer kept", answer.Summary, StringComparison.Ordinal);
    }

    /// <summary>The local midnight after a time, as the platform's own conversions say it.</summary>
    private static long NextMidnight(long ticks, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTimeFromUtc(DateTime.UnixEpoch.AddTicks(ticks), zone);
        var midnight = DateTime.SpecifyKind(local.Date.AddDays(1), DateTimeKind.Unspecified);
        return TimeZoneInfo.ConvertTimeToUtc(midnight, zone).Ticks - DateTime.UnixEpoch.Ticks;
    }

    private static void Check(
        LateCase given,
        ExecutionMode mode,
        Func<KeyedEventsStep<string>, WindowedStep<string>> windows,
        Func<long, long> lastEndOf,
        bool isGrid)
    {
        var dropped = new CollectingDroppedEventSink<string>();
        var processor = Build(given, mode, windows, dropped);
        Run(processor, given);
        processor.StopAsync(StopMode.Drain).GetAwaiter().GetResult();
        var watermarks = given.Watermarks();
        foreach (var drop in dropped.Dropped)
        {
            var index = Array.FindIndex(given.Steps, step => !step.IsWatermark && step.Ticks == drop.TimestampTicks);
            var expiry = lastEndOf(drop.TimestampTicks) + given.LatenessTicks;
            var culprit = Array.FindIndex(watermarks, watermark => watermark >= expiry) - 1;
            var answer = processor.WhyDropped(drop.Reason, drop.TimestampTicks, drop.Sequence);
            Assert.Equal(expiry, answer.ExpiryTicks);
            if (!isGrid && answer.Culprit is null)
            {
                // No step that is kept has followed.
                Assert.True(watermarks[index] < TickMath.FloorDiv(expiry, given.SizeTicks) * given.SizeTicks
                    + given.SizeTicks);
                continue;
            }

            var named = Assert.NotNull(answer.Culprit);
            Assert.True(named.IsExact || !isGrid);
            if (named.IsExact)
            {
                Assert.Equal($"s{given.Steps[culprit].Source}", named.Source);
                Assert.Equal(given.Steps[culprit].Ticks, named.TimestampTicks);
                Assert.Equal(
                    given.Steps[culprit].IsWatermark ? AdvanceCause.Watermark : AdvanceCause.Event, named.Cause);
                Assert.Equal(watermarks[culprit], named.FromTicks ?? long.MinValue);
                Assert.Equal(watermarks[culprit + 1], named.ToTicks);
            }

            // Nothing but what the sources do is in the ring between the two.
            var kept = index + (int)(named.Sequence - drop.Sequence);
            Assert.True(named.IsExact ? kept == culprit : kept > culprit && kept < index);
            var lateness = answer.LatenessNeeded!.Value.Ticks;
            var needed = watermarks[index] - lastEndOf(drop.TimestampTicks) + 1;
            Assert.True(isGrid ? lateness == needed : lateness <= needed && lateness > given.LatenessTicks);
            Assert.Equal(isGrid, answer.IsExact);
        }
    }

    private static StreamProcessor<string> Build(
        LateCase given,
        ExecutionMode mode,
        Func<KeyedEventsStep<string>, WindowedStep<string>> windows,
        CollectingDroppedEventSink<string> dropped) => windows(StreamProcessorBuilder.ForKeys<string>())
            .AllowedLateness(TimeSpan.FromTicks(given.LatenessTicks))
            .Watermarks(new WatermarkOptions
            {
                MaxOutOfOrderness = TimeSpan.FromTicks(given.OutOfOrdernessTicks),
            })
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode))
            .To(new CollectingSink<string>())
            .DroppedEventsTo(dropped)
            .Build();

    private static void Run(StreamProcessor<string> processor, LateCase given)
    {
        var sources = new KeyedPublisher<string>[given.Sources];
        for (var source = 0; source < sources.Length; source++)
            sources[source] = processor.CreatePublisher($"s{source}");

        // What is published before the start is one batch.
        foreach (var step in given.Steps)
        {
            if (step.IsWatermark)
                sources[step.Source].AdvanceWatermark(step.Ticks);
            else
                sources[step.Source].Publish("a", step.Ticks, 1);
        }

        if (processor.GetStats().State == ProcessorState.Created)
            processor.Start();
    }
}
