using DisruptorStream.Aggregation;

namespace DisruptorStream.Tests.Aggregation;

public sealed class MetricListTests
{
    [Theory]
    [InlineData("latncy", "name one of 'latency', 'tokens'; did you mean 'latency'?")]
    [InlineData("elephant", "name one of 'latency', 'tokens'.")]
    public void Resolve_UnknownMeasure_NamesThoseThereAreAndTheNearest(string measure, string expected)
    {
        var step = StreamProcessorBuilder.ForKeys<string>()
            .Measure("latency").Measure("tokens", MeasureType.Int64)
            .TumblingWindows(TimeSpan.FromTicks(10));

        var error = Assert.Throws<ArgumentException>(() => step.Aggregate(a => a.Sum("total", measure)));

        Assert.StartsWith(
            $"The metric 'total' reads the measure '{measure}', which is not declared; {expected}",
            error.Message,
            StringComparison.Ordinal);
    }
}
