using DisruptorStream.Building;
using DisruptorStream.Events;
using DisruptorStream.Tests.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Pipeline.Lifecycle;

/// <summary>The lines about clocks that lie, floods of late panes, and times in another unit.</summary>
public sealed class ReporterTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _time = new(Now);
    private readonly LineLogger _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Most drops follow one event that ran far ahead: the line names it, at the tick and the end.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Report_MostEventsAreLateAfterOneJump_NamesTheJumpAndProposesTheGuard(ExecutionMode mode)
    {
        await using var processor = Build(mode, step => step);
        processor.Start();
        for (var second = 0; second < 40; second++)
            processor.Publish("a", Now.AddSeconds(second) + TimeSpan.FromHours(second == 10 ? 1 : 0), 1);
        await TickAsync(processor);
        var atTick = LinesOf(15);
        processor.Publish("a", Now.AddSeconds(50), 1);
        await processor.StopAsync(StopMode.Complete, Token);

        var line = Assert.Single(atTick);
        Assert.StartsWith("15 Processor 'calls': 29 events came too late after ", line, StringComparison.Ordinal);
        Assert.Contains("'default'", line, StringComparison.Ordinal);
        Assert.Contains("13:00:10", line, StringComparison.Ordinal);
        Assert.Contains("would have saved 29 late events", line, StringComparison.Ordinal);
        Assert.Contains("JumpGuard = new JumpGuardOptions(", line, StringComparison.Ordinal);
        Assert.Contains("30 events came too late after", LinesOf(15)[^1], StringComparison.Ordinal);
    }

    /// <summary>Events that are late for another reason have no culprit.</summary>
    [Fact]
    public async Task Report_EventsAreLateWithoutAJump_NamesNoCulprit()
    {
        await using var processor = Build(ExecutionMode.Fused, step => step);
        processor.Start();
        for (var second = 0; second < 40; second++)
            processor.Publish("a", Now.AddSeconds(second % 2 == 0 ? second : second - 5), 1);
        await TickAsync(processor);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.NotEmpty(LinesOf(9));
        Assert.Empty(LinesOf(15));
    }

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Report_AFloodOfLatePanes_TellsHowManyAndWhatToDo(ExecutionMode mode)
    {
        await using var processor = Build(mode, step => step.AllowedLateness(TimeSpan.FromHours(1)));
        processor.Start();
        processor.Publish("a", Now, 1);
        processor.Publish("a", Now.AddSeconds(2), 1);
        for (var late = 0; late < 1500; late++)
            processor.Publish("a", Now, 1);
        await TickAsync(processor);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Equal(
            [
                "16 Processor 'calls': 1500 panes of 1502 events were late ones. Each late event makes a pane of its "
                    + "own: ask for fewer with Late(count: 1000) or Late(delay: TimeSpan.FromSeconds(1)), or let the "
                    + "watermark wait longer with MaxOutOfOrderness.",
            ],
            LinesOf(16));
    }

    /// <summary>Few late panes are no flood, and neither are those that the advice leaves.</summary>
    [Theory]
    [InlineData(999, 1)]
    [InlineData(1500, 1000)]
    public async Task Report_FewLatePanes_TellsNothing(int late, long count)
    {
        await using var processor = Build(
            ExecutionMode.Fused, step => step.AllowedLateness(TimeSpan.FromHours(1)).Late(count));
        processor.Start();
        processor.Publish("a", Now, 1);
        processor.Publish("a", Now.AddSeconds(2), 1);
        for (var one = 0; one < late; one++)
            processor.Publish("a", Now, 1);
        await TickAsync(processor);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Empty(LinesOf(16));
    }

    /// <summary>What is refused as too far ahead may be of another unit; the line comes once.</summary>
    [Theory]
    [InlineData(EventTimeUnit.DateTimeTicks, "DateTime.Ticks, which count from the year 1", true)]
    [InlineData(EventTimeUnit.Nanoseconds, "nanoseconds since 1970", true)]
    [InlineData(EventTimeUnit.DateTimeTicks, "DateTime.Ticks, which count from the year 1", false)]
    public async Task Report_RefusedTimesLookLikeAnotherUnit_TellsItInWordsOnce(
        EventTimeUnit unit, string name, bool hasTick)
    {
        await using var processor = Build(ExecutionMode.Fused, step => step, skew: TimeSpan.FromMinutes(5));
        processor.Start();
        processor.Publish("a", NowIn(unit), 1);
        if (hasTick)
            await TickAsync(processor);
        processor.Publish("a", NowIn(unit), 1);
        await processor.StopAsync(StopMode.Complete, Token);

        var line = Assert.Single(LinesOf(18));
        Assert.StartsWith("18 Processor 'calls': is the unit of time right? The time ", line, StringComparison.Ordinal);
        Assert.Contains(
            $"looks like {name}: say EventTime(selector, EventTimeUnit.{unit})", line, StringComparison.Ordinal);
    }

    /// <summary>Times of 1970 are late, and after one of the year 5000 all others are.</summary>
    [Theory]
    [InlineData(EventTimeUnit.Seconds, "seconds since 1970")]
    [InlineData(EventTimeUnit.Milliseconds, "milliseconds since 1970")]
    [InlineData(EventTimeUnit.Microseconds, "microseconds since 1970")]
    [InlineData(EventTimeUnit.Nanoseconds, "nanoseconds since 1970")]
    [InlineData(EventTimeUnit.DateTimeTicks, "DateTime.Ticks, which count from the year 1")]
    public async Task Report_LateEventsAndASourceOfAnotherUnit_TellsItInWords(EventTimeUnit unit, string name)
    {
        await using var processor = Build(ExecutionMode.Fused, step => step);
        processor.Start();
        using var right = processor.CreatePublisher("right");
        right.Publish("a", Now, 1);
        right.Publish("a", Now.AddSeconds(2), 1);
        using (var wrong = processor.CreatePublisher("wrong"))
        {
            // The one that takes the watermark into the year 5000 is not late, but the next ones are.
            wrong.Publish("a", NowIn(unit), 1);
            right.Complete();
            wrong.Publish("a", NowIn(unit) - TimeSpan.TicksPerMinute, 1);
            await TickAsync(processor);
        }

        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Contains($"looks like {name}", Assert.Single(LinesOf(18)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_OneSourceWithTimesOfTwoUnits_TellsItInWords()
    {
        await using var processor = Build(ExecutionMode.Fused, step => step);
        processor.Start();
        processor.Publish("a", Now, 1);
        processor.Publish("a", Now.AddSeconds(2), 1);
        processor.Publish("b", NowIn(EventTimeUnit.Milliseconds), 1);
        processor.Publish("a", Now.AddSeconds(3), 1);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Contains("looks like milliseconds since 1970", Assert.Single(LinesOf(18)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_LateEventsOfTheRightUnit_TellsNoUnit()
    {
        await using var processor = Build(ExecutionMode.Fused, step => step);
        processor.Start();
        processor.Publish("a", Now, 1);
        processor.Publish("a", Now.AddHours(-9), 1);
        await TickAsync(processor);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.NotEmpty(LinesOf(9));
        Assert.Empty(LinesOf(18));
    }

    private static long NowIn(EventTimeUnit unit) => unit switch
    {
        EventTimeUnit.Seconds => Now.ToUnixTimeSeconds(),
        EventTimeUnit.Milliseconds => Now.ToUnixTimeMilliseconds(),
        EventTimeUnit.Microseconds => Now.ToUnixTimeMilliseconds() * 1000,
        EventTimeUnit.Nanoseconds => Now.ToUnixTimeMilliseconds() * 1_000_000,
        _ => Now.Ticks,
    };

    private string[] LinesOf(int id) =>
        [.. _log.Lines.Where(line => line.StartsWith($"{id} ", StringComparison.Ordinal))];

    private async Task TickAsync(StreamProcessor<string> processor)
    {
        await processor.FlushAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        if (processor.ExplainPlan().Mode == ExecutionMode.Inline)
            processor.Advance();
        await processor.FlushAsync(Token);
    }

    private StreamProcessor<string> Build(
        ExecutionMode mode, Func<WindowedStep<string>, WindowedStep<string>> windows, TimeSpan? skew = null) =>
        windows(StreamProcessorBuilder.ForKeys<string>().TumblingWindows(TimeSpan.FromSeconds(1)))
            .Counting(mode)
            .ChangeOptions(options => options with { FutureSkewLimit = skew, ResultBufferSize = 4096 })
            .WithName("calls").WithTimeProvider(_time).WithLogger(_log).Build();
}
