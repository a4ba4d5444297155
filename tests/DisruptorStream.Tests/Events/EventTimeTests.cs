using DisruptorStream.Events;
using DisruptorStream.Testing;

namespace DisruptorStream.Tests.Events;

public sealed class EventTimeTests
{
    private static readonly DateTimeOffset Moment = new(2026, 11, 29, 20, 32, 40, 123, TimeSpan.Zero);

    private static long Expected => Moment.UtcTicks - DateTime.UnixEpoch.Ticks;

    [Fact]
    public void From_EachUnit_IsTheSameMoment()
    {
        var milliseconds = Moment.ToUnixTimeMilliseconds();
        Assert.Equal(Expected, EventTime.FromUnixMilliseconds(milliseconds));
        Assert.Equal(Expected, EventTime.FromUnixMicroseconds(milliseconds * 1000));
        Assert.Equal(Expected, EventTime.FromUnixNanoseconds(milliseconds * 1_000_000));
        Assert.Equal(
            Expected - (123 * TimeSpan.TicksPerMillisecond), EventTime.FromUnixSeconds(Moment.ToUnixTimeSeconds()));
        Assert.Equal(Expected, EventTime.From(Moment));
        Assert.Equal(Expected, EventTime.From(Moment.UtcDateTime));
        Assert.Equal(Expected, EventTime.From(Moment.LocalDateTime));
        Assert.Equal(Expected, EventTime.From(Moment.UtcTicks, EventTimeUnit.DateTimeTicks));
        Assert.Equal(Expected, EventTime.From(Expected, EventTimeUnit.Ticks));
        Assert.Equal(Moment, EventTime.ToDateTimeOffset(Expected));
    }

    [Fact]
    public void From_TooLargeANumber_IsHeldAtTheEndsOfTime()
    {
        Assert.Equal(long.MaxValue, EventTime.FromUnixSeconds(long.MaxValue));
        Assert.Equal(long.MinValue, EventTime.FromUnixMilliseconds(long.MinValue));
        Assert.Equal(long.MinValue, EventTime.From(long.MinValue, EventTimeUnit.DateTimeTicks));
        Assert.Equal(-1, EventTime.FromUnixNanoseconds(-1));
        Assert.Equal(0, EventTime.FromUnixNanoseconds(99));
        Assert.Throws<ArgumentOutOfRangeException>(() => EventTime.From(1, (EventTimeUnit)99));
    }

    [Fact]
    public void EventTime_ASelectorOfAUnit_IsReadAsThat()
    {
        using var driver = StreamTestDriver.CreateAt(Moment, StreamProcessorBuilder.For<Reading>()
            .KeyBy(reading => reading.Key)
            .EventTime(reading => reading.UnixMilliseconds, EventTimeUnit.Milliseconds)
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Count("count")));
        driver.Publish(new Reading("a", Moment.ToUnixTimeMilliseconds()));
        driver.Publish(new Reading("a", Moment.AddSeconds(1).ToUnixTimeMilliseconds()));
        Assert.Equal(Moment.AddMilliseconds(-123), driver.ReadPane().WindowStart);
    }

    /// <summary>The wrong unit is told in words, whichever it is.</summary>
    [Theory]
    [InlineData(EventTimeUnit.Seconds)]
    [InlineData(EventTimeUnit.Milliseconds)]
    [InlineData(EventTimeUnit.Microseconds)]
    [InlineData(EventTimeUnit.Nanoseconds)]
    [InlineData(EventTimeUnit.DateTimeTicks)]
    public void WhyNoResult_ATimeOfAnotherUnit_SaysWhich(EventTimeUnit unit)
    {
        var raw = unit switch
        {
            EventTimeUnit.Seconds => Moment.ToUnixTimeSeconds(),
            EventTimeUnit.Milliseconds => Moment.ToUnixTimeMilliseconds(),
            EventTimeUnit.Microseconds => Moment.ToUnixTimeMilliseconds() * 1000,
            EventTimeUnit.Nanoseconds => Moment.ToUnixTimeMilliseconds() * 1_000_000,
            _ => Moment.UtcTicks,
        };
        using var driver = StreamTestDriver.CreateAt(Moment, StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Count("count"))
            .WithOptions(new StreamProcessorOptions()));
        driver.Publish("a", raw, 1);
        Assert.Contains(
            driver.Processor.WhyNoResult().Advice,
            advice => advice.Contains($"EventTimeUnit.{unit}", StringComparison.Ordinal));
    }

    [Fact]
    public void WhyNoResult_TheRightUnit_SaysNothingOfUnits()
    {
        using var driver = StreamTestDriver.CreateAt(Moment, StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Count("count")));
        driver.Publish("a", Moment, 1);
        Assert.DoesNotContain(
            driver.Processor.WhyNoResult().Advice,
            advice => advice.Contains("EventTimeUnit", StringComparison.Ordinal));
    }

    private readonly record struct Reading(string Key, long UnixMilliseconds);
}
