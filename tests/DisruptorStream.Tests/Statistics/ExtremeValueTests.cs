using DisruptorStream.Statistics;

namespace DisruptorStream.Tests.Statistics;

/// <summary>The largest, the smallest and the most distant values that the statistics take.</summary>
public sealed class ExtremeValueTests
{
    [Theory]
    [InlineData(1e-170)]
    [InlineData(1e-310)]
    [InlineData(1)]
    [InlineData(1e170)]
    [InlineData(1e306)]
    public void ZScoreAnomalyDetector_AnyUnit_ScoresTheSame(double unit)
    {
        var detector = new ZScoreAnomalyDetector(warmUp: 4, learnsAnomalies: true);
        foreach (var value in new double[] { 10, 12, 14, 16 })
            detector.Observe(value * unit);
        var score = detector.Observe(43 * unit);
        Assert.Equal(30 / Math.Sqrt(20.0 / 3), score.Score, 1e-9);
        Assert.True(score.IsAnomaly);
        Assert.Equal(Math.Sqrt(20.0 / 3) * unit, score.Deviation, 1e-9 * unit);
    }

    [Fact]
    public void ZScoreAnomalyDetector_EqualValuesAndAnother_IsInfinitelyFarOff()
    {
        var detector = new ZScoreAnomalyDetector(warmUp: 2);
        detector.Observe(5);
        detector.Observe(5);
        Assert.Equal(0, detector.Observe(5).Score);
        Assert.Equal(double.PositiveInfinity, detector.Observe(6).Score);
        Assert.Equal(double.NegativeInfinity, detector.Observe(-1e308).Score);
    }

    [Fact]
    public void ZScoreAnomalyDetector_ValuesAtBothEnds_IsJudged()
    {
        var detector = new ZScoreAnomalyDetector(warmUp: 4);
        foreach (var value in new[] { 1e308, -1e308, 1e308, -1e308 })
            detector.Observe(value);
        Assert.Equal(1.7 / Math.Sqrt(4.0 / 3), detector.Observe(1.7e308).Score, 1e-12);
    }

    [Theory]
    [InlineData(1e-310)]
    [InlineData(1)]
    [InlineData(1e307)]
    public void RobustAnomalyDetector_AnyUnit_ScoresTheSame(double unit)
    {
        var detector = new RobustAnomalyDetector(window: 5, warmUp: 5);
        foreach (var value in new double[] { -12, -6, 0, 6, 12 })
            detector.Observe(value * unit);
        Assert.Equal(0.6745 * 17 / 6, detector.Observe(17 * unit).Score, 1e-9);
    }

    [Fact]
    public void ExponentialMovingAverage_LargestValuesOfBothSigns_StaysBetweenThem()
    {
        var average = ExponentialMovingAverage.FromAlpha(0.25);
        average.Add(double.MaxValue);
        average.Add(double.MinValue);
        Assert.Equal(double.MaxValue / 2, average.Value, double.MaxValue * 1e-15);
        average.Add(0);
        Assert.Equal(double.MaxValue * 0.375, average.Value, double.MaxValue * 1e-15);
    }

    [Fact]
    public void ExponentialMovingAverage_ManyOfTheLargestValue_IsThatValue()
    {
        var average = ExponentialMovingAverage.FromHalfLife(TimeSpan.FromDays(1));
        for (var tick = 0; tick < 1000; tick++)
            average.Add(double.MaxValue, tick);
        Assert.Equal(double.MaxValue, average.Value, double.MaxValue * 1e-12);
        average.Add(1e-300, 2000 * TimeSpan.TicksPerDay);
        Assert.Equal(1e-300, average.Value, 1e-312);
    }

    [Fact]
    public void RateCalculator_TimesAtBothEnds_AreFarApart()
    {
        var rate = new RateCalculator();
        rate.Add(long.MinValue, 1000);
        rate.Add(long.MaxValue, 60);
        var rates = rate.GetRates(long.MaxValue);
        Assert.InRange(rates.Overall, 0, 1e-8);
        Assert.InRange(rates.Windowed, 0, 2);
        Assert.Equal(1060, rate.Count);
    }

    [Fact]
    public void RateCalculator_MoreEventsThanALongHolds_ThrowsAndCountsNothing()
    {
        var rate = new RateCalculator();
        rate.Add(0, long.MaxValue);
        Assert.Throws<OverflowException>(() => rate.Add(1));
        Assert.Equal(long.MaxValue, rate.Count);
    }
}
