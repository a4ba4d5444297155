using DisruptorStream.Aggregation;
using DisruptorStream.Statistics;

namespace DisruptorStream.Tests.Aggregation;

/// <summary>What may be asked for, and what is refused with what is meant.</summary>
public sealed class AggregateBuilderTests
{
    public static TheoryData<string, Action<AggregateBuilder>> OfAMeasure => new()
    {
        { "Sum", a => a.Sum("m") },
        { "Average", a => a.Average("m") },
        { "Min", a => a.Min("m") },
        { "Variance", a => a.Variance("m") },
        { "Last", a => a.Last("m") },
        { "MovingAverage", a => a.MovingAverage("m", 0.5) },
        { "Percentile", a => a.Percentile("m", 95) },
        { "Distinct", a => a.Distinct("m") },
        { "Top", a => a.Top("m", 3) },
        { "Histogram", a => a.Histogram("m", [1]) },
    };

    [Theory]
    [MemberData(nameof(OfAMeasure))]
    public void Metric_EventsWithoutAMeasure_IsRefused(string kind, Action<AggregateBuilder> ask)
    {
        var step = StreamProcessorBuilder.For<DateTimeOffset>()
            .KeyBy(_ => "a").EventTime(time => time).TumblingWindows(TimeSpan.FromSeconds(1));

        var error = Assert.Throws<InvalidOperationException>(() => step.Aggregate(ask));

        Assert.Contains("declares no measure", $"{kind}: {error.Message}", StringComparison.Ordinal);
        Assert.Contains("'m", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void CountAndRate_EventsWithoutAMeasure_AreAllowed() => StreamProcessorBuilder.For<DateTimeOffset>()
        .KeyBy(_ => "a").EventTime(time => time).TumblingWindows(TimeSpan.FromSeconds(1))
        .Aggregate(a => a.Count("n").Rate("r"));

    [Theory]
    [InlineData(0.95, "did you mean 95?")]
    [InlineData(0.999, "did you mean 99.9?")]
    [InlineData(0.5, "did you mean 50?")]
    [InlineData(-1, "0, or from 1 to 100")]
    [InlineData(100.1, "0, or from 1 to 100")]
    [InlineData(double.NaN, "0, or from 1 to 100")]
    public void Percentile_AQuantileOrOutside_IsRefusedWithWhatIsMeant(double percentile, string expected)
    {
        var step = Processors.Tumbling(10);
        var asked = Assert.Throws<ArgumentOutOfRangeException>(
            () => step.Aggregate(a => a.Percentile("p", percentile)));
        var read = Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindowStats(3).Percentile(percentile));

        Assert.Contains(expected, asked.Message, StringComparison.Ordinal);
        Assert.Contains(expected, read.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99.9)]
    [InlineData(100)]
    public void Percentile_InRange_IsTaken(double percentile) =>
        Processors.Tumbling(10).Aggregate(a => a.Percentile("p", percentile));
}
