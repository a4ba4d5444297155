using CsCheck;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Tests.Telemetry;

public sealed class RecentHistogramTests
{
    private const long Frequency = 1_000_000_000;

    [Fact]
    public void Percentiles_AnyDurations_AreWithinAThirtySecondOfTheExactOnes() =>
        Gen.Long[100, 1_000_000_000_000].Array[1, 200].Sample(durations =>
        {
            var histogram = new RecentHistogram(Frequency);
            foreach (var duration in durations)
                histogram.Record(duration, 1, 0);
            var percentiles = histogram.Percentiles(0)!;
            Array.Sort(durations);
            Assert.Equal(durations.Length, percentiles.Count);
            Check(percentiles.P50, 0.5);
            Check(percentiles.P95, 0.95);
            Check(percentiles.P99, 0.99);

            void Check(TimeSpan found, double share)
            {
                var exact = durations[(int)Math.Ceiling(share * durations.Length) - 1];
                Assert.InRange(found.Ticks * 100.0, (exact * 31.0 / 32) - 100, (exact * 33.0 / 32) + 100);
            }
        });

    [Fact]
    public void MiddleOf_TheBucketOfAnyValue_IsNearIt() =>
        Gen.Long[0, 1L << 42].Sample(value => Math.Abs(
            RecentHistogram.MiddleOf(RecentHistogram.BucketOf(value)) - value) <= Math.Max(0, value / 32.0));

    [Fact]
    public void Percentiles_AfterAMinute_ForgetWhatWasRecorded()
    {
        var histogram = new RecentHistogram(Frequency);
        histogram.Record(1000, 7, 0);
        Assert.Equal(7, histogram.Percentiles(59 * Frequency)!.Count);
        Assert.Null(histogram.Percentiles(60 * Frequency));
        histogram.Record(2000, 1, 60 * Frequency);
        Assert.Equal(1, histogram.Percentiles(60 * Frequency)!.Count);
    }
}
