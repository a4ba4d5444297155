using CsCheck;
using DisruptorStream.Aggregation;

namespace DisruptorStream.Tests.Aggregation;

/// <summary>Metrics that compare the last value with those before it.</summary>
public sealed class EarlierValuesTests
{
    [Theory]
    [InlineData(MeasureType.Double)]
    [InlineData(MeasureType.Int64)]
    public void Earlier_AnyEventsAndMerges_AreThoseOfLinq(MeasureType type) =>
        Gen.Select(Gen.Long[0, 5], Gen.Int[-9, 9]).Array[0, 30].SelectMany(
            events => Gen.Int[0, events.Length].Select(split => (events, split))).Sample(
            sample =>
            {
                using var records = Of(type);
                var (first, second) = (records.New(), records.New());
                foreach (var (index, (time, value)) in sample.events.Index())
                {
                    var bits = type == MeasureType.Int64 ? value : BitConverter.DoubleToInt64Bits(value);
                    records.AddBits(index < sample.split ? first : second, time, bits);
                }

                records.Merge(first, second);
                var sorted = sample.events.Index().OrderBy(e => e.Item.Item1).ThenBy(e => e.Index)
                    .Select(e => (double)e.Item.Item2).ToList();
                var earlier = sorted.SkipLast(1).ToList();
                var mean = earlier.DefaultIfEmpty(double.NaN).Average();
                var deviation = earlier.Count < 2
                    ? double.NaN
                    : Math.Sqrt(earlier.Sum(value => (value - mean) * (value - mean)) / (earlier.Count - 1));
                var none = type == MeasureType.Int64 ? 0 : double.NaN;
                Assert.Equal(earlier.Count > 0 ? earlier[^1] : none, records.Read(first, 0));
                Assert.Equal(mean, records.Read(first, 1), 1e-12);
                Assert.Equal(deviation, records.Read(first, 2), 1e-12);
                var score = earlier.Count < 2 ? double.NaN
                    : sorted[^1] == mean ? 0
                    : (sorted[^1] - mean) / deviation;
                Assert.Equal(score, records.Read(first, 3), 1e-9);
            },
            iter: 500);

    [Fact]
    public void EarlierZScore_EarlierOnesAllEqual_IsZeroOrInfinite()
    {
        using var records = Of(MeasureType.Double);
        Assert.Equal(0, records.Read(records.Of(3, 3, 3), 3));
        Assert.Equal(double.PositiveInfinity, records.Read(records.Of(3, 3, 4), 3));
        Assert.Equal(double.NegativeInfinity, records.Read(records.Of(3, 3, 2), 3));
    }

    [Fact]
    public void Earlier_ValuesThatAreNoNumbers_SpoilNothingButTheirOwnTurn()
    {
        using var records = Of(MeasureType.Double);
        var record = records.New();
        foreach (var (time, value) in new[] { 1, 2, double.NaN, 3, double.PositiveInfinity }.Index())
            records.AddBits(record, time, BitConverter.DoubleToInt64Bits(value));
        Assert.Equal([3, 2, 1, double.NaN], Enumerable.Range(0, 4).Select(m => records.Read(record, m)));
        records.AddBits(record, 9, BitConverter.DoubleToInt64Bits(double.NaN));
        Assert.Equal([double.PositiveInfinity, 2, 1], Enumerable.Range(0, 3).Select(m => records.Read(record, m)));
        Assert.True(double.IsNaN(records.Read(record, 3)));
    }

    [Fact]
    public void Earlier_AllFour_ShareOneAccumulator()
    {
        using var records = Of(MeasureType.Double);
        Assert.Single(records.Plan.Layout.Accumulators);
        Assert.Equal("earlier(x)", records.Plan.Layout.Accumulators[0].Identity.ToString());
    }

    private static Records Of(MeasureType type) => new(
        a => a.Previous("previous", "x").EarlierAverage("usual", "x").EarlierStandardDeviation("spread", "x")
            .EarlierZScore("score", "x"),
        [type]);
}
