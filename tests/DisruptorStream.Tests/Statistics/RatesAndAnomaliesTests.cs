using DisruptorStream.Emission;
using DisruptorStream.Monitoring;
using DisruptorStream.Statistics;

namespace DisruptorStream.Tests.Statistics;

public sealed class RatesAndAnomaliesTests
{
    private const long Second = TimeSpan.TicksPerSecond;

    [Fact]
    public void Rates_SteadyStream_AllAgree()
    {
        var rate = new RateCalculator();
        for (var tenth = 0; tenth < 10 * 3600; tenth++)
            rate.Add(tenth * Second / 10, 2);
        var rates = rate.GetRates(3600 * Second);
        Assert.Equal(72_000, rate.Count);
        Assert.All(
            new[] { rates.Overall, rates.Windowed, rates.OneMinute, rates.FiveMinutes, rates.FifteenMinutes },
            value => Assert.Equal(20, value, 0.1));
    }

    /// <summary>Nobody knows a rate before time has passed: what came counts as of a second.</summary>
    [Fact]
    public void Rates_FirstInstant_IsNoBurst()
    {
        var rate = new RateCalculator();
        rate.Add(Second, 5);
        Assert.Equal(new EventRates(5, 5, 5, 5, 5), rate.GetRates(Second));
        Assert.Equal(new EventRates(5, 5, 5, 5, 5), rate.GetRates(Second + 1));
        Assert.Equal(new EventRates(2.5, 2.5, 2.5, 2.5, 2.5), rate.GetRates(3 * Second));
    }

    [Fact]
    public void Rates_StreamEnds_DecayEachInItsTime()
    {
        var rate = new RateCalculator(TimeSpan.FromSeconds(30));
        for (var second = 0; second < 3600; second++)
            rate.Add(second * Second, 10);
        var rates = rate.GetRates(3660 * Second);
        Assert.Equal(0, rates.Windowed);
        Assert.Equal(10 * Math.Exp(-1), rates.OneMinute, 0.1);
        Assert.Equal(10 * Math.Exp(-1 / 5.0), rates.FiveMinutes, 0.1);
        Assert.Equal(10 * Math.Exp(-1 / 15.0), rates.FifteenMinutes, 0.1);
        Assert.Equal(36_000 / 3660.0, rates.Overall, 1e-9);
    }

    [Fact]
    public void Rates_FewAndLateEvents_AreSane()
    {
        var rate = new RateCalculator();
        Assert.Equal(default, rate.GetRates(99));
        rate.Add(10 * Second, 4);
        rate.Add(9 * Second, 4);
        var rates = rate.GetRates(12 * Second);
        Assert.Equal((4, 4, 4), (rates.Overall, rates.Windowed, rates.OneMinute));
        Assert.Throws<ArgumentOutOfRangeException>(() => rate.Add(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RateCalculator(TimeSpan.FromTicks(59)));
    }

    [Fact]
    public void ZScore_WildValue_IsFlaggedAndNotLearned()
    {
        var detector = new ZScoreAnomalyDetector(threshold: 3, warmUp: 4);
        foreach (var value in new[] { 1.0, 3, 1, 3 })
            Assert.Equal(double.NaN, detector.Observe(value).Score);
        var wild = detector.Observe(9);
        Assert.True(wild.IsAnomaly);
        Assert.Equal(7 / Math.Sqrt(4 / 3.0), wild.Score, 1e-12);
        Assert.Equal((2, 4), (wild.Center, detector.Count));
        Assert.False(detector.Observe(2).IsAnomaly);
        var learning = new ZScoreAnomalyDetector(warmUp: 2, learnsAnomalies: true);
        learning.Observe(1);
        learning.Observe(1);
        Assert.Equal(0, learning.Observe(1).Score);
        Assert.Equal(double.NegativeInfinity, learning.Observe(0).Score);
        Assert.Equal(4, learning.Count);
    }

    [Fact]
    public void Robust_HalfOfTheValuesWild_StillKnowsWhatIsNormal()
    {
        var detector = new RobustAnomalyDetector(window: 21, warmUp: 10);
        for (var i = 0; i < 21; i++)
            detector.Observe(i < 12 ? i % 3 : 1e9 + i);
        var normal = detector.Observe(2);
        Assert.False(normal.IsAnomaly);
        var score = detector.Observe(1e9);
        Assert.True(score.IsAnomaly);
        Assert.Equal((1e9 - score.Center) / score.Deviation, score.Score);
        Assert.Equal(21, detector.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => new RobustAnomalyDetector(window: 10, warmUp: 11));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ZScoreAnomalyDetector(threshold: 0));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public async Task Monitor_WindowWhoseP95IsOff_IsFlagged(int robustWindow)
    {
        var scores = new List<WindowScore<string>>();
        var monitor = new WindowMonitor<string>(
            "p95", scores.Add, new WindowMonitorOptions { RobustWindow = robustWindow, AverageSpan = 1 });
        await using (var processor = Processors.Tumbling(100)
            .Aggregate(a => a.Percentile("p95", 95))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(monitor)
            .Build())
        {
            for (var i = 0; i < 3000; i++)
            {
                var isSlow = i is > 2000 and < 2100 && i % 2 == 0;
                processor.Publish(i % 2 == 0 ? "a" : "b", i, isSlow ? 900 : 100 + (i % 7));
            }


            await processor.StopAsync(StopMode.Complete);
        }

        Assert.Equal(60, scores.Count);
        var flagged = Assert.Single(scores, score => score.Score.IsAnomaly);
        Assert.Equal(("a", 2000), (flagged.Key, flagged.Window.StartTicks));
        Assert.Equal(flagged.Value, flagged.MovingAverage);
        Assert.Equal(2, monitor.KeyCount);
    }

    [Fact]
    public void WindowStatistic_NoStatisticIsCreated_NamesMetricAndKey()
    {
        var sink = new WindowStatistic<string, RateCalculator>(
            "sum", () => null!, (ref RateCalculator kept, in WindowResult<string> result, double value) => { });
        var processor = Processors.Tumbling(10)
            .Aggregate(a => a.Sum("sum"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(sink)
            .Build();
        processor.Publish("a", 1, 1);

        var error = Assert.Throws<PipelineException>(() => processor.Publish("a", 12, 1));
        Assert.Equal(
            "What creates the statistics of the metric 'sum' returned null for the key 'a'; return a statistic of its "
            + "own for each key.",
            error.GetBaseException().Message);
        Assert.Equal(0, sink.KeyCount);
    }

    [Fact]
    public async Task WindowStatistic_AnyStatistic_FollowsEachKey()
    {
        var last = new Dictionary<string, (double Mean, double Rate)>();
        var sink = new WindowStatistic<string, (OnlineVariance Spread, RateCalculator Rate)>(
            "sum",
            () => (default, new RateCalculator()),
            (ref (OnlineVariance Spread, RateCalculator Rate) kept, in WindowResult<string> result, double value) =>
            {
                kept.Spread.Add(value);
                kept.Rate.Add(result.Window.EndTicks, (long)value);
                last[result.Key] = (kept.Spread.Mean, kept.Rate.GetRates(result.Window.EndTicks).Overall);
            });
        await using (var processor = Processors.Tumbling(Second)
            .Aggregate(a => a.Sum("sum"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(sink)
            .Build())
        {
            for (var i = 0; i < 11; i++)
            {
                processor.Publish("a", i * Second, i);
                processor.Publish("b", i * Second, 4);
            }

            await processor.StopAsync(StopMode.Complete);
        }

        Assert.Equal((5, 2), (last["a"].Mean, sink.KeyCount));
        Assert.Equal((4, 4.4), (last["b"].Mean, Math.Round(last["b"].Rate, 9)));
    }

    [Fact]
    public async Task Monitor_MoreKeysThanItRemembers_ForgetsTheOldest()
    {
        var seen = 0;
        var monitor = new WindowMonitor<string>("n", _ => seen++, new WindowMonitorOptions { MaxKeys = 5 });
        await using (var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).To(
            new WindowMonitor<string>("count", _ => { })).Build())
        {
            processor.Publish("a", 0, 1);
        }

        await using (var processor = Processors.Tumbling(10)
            .Aggregate(a => a.Count("n"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(monitor)
            .Build())
        {
            for (var i = 0; i < 100; i++)
                processor.Publish($"key {i}", i * 10, 1);
            await processor.StopAsync(StopMode.Complete);
        }

        Assert.Equal((100, 5), (seen, monitor.KeyCount));
        Assert.Throws<ArgumentException>(() => new WindowMonitor<string>(
            "n", _ => { }, new WindowMonitorOptions { RobustWindow = 5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new WindowMonitorOptions { WarmUp = 1 });
    }
}
