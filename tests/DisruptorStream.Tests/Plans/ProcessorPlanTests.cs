using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Plans;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Plans;

public sealed class ProcessorPlanTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// <summary>A pinned value: where it changes, states saved before can no longer be loaded.</summary>
    [Fact]
    public void Fingerprint_OfAKnownPlan_NeverChanges() =>
        Assert.Equal("6f66c2650233e8f5fa85ed4c584809ef", Plain().Plan().Fingerprint.ToString());

    [Fact]
    public void Fingerprint_SettingsThatStateDoesNotDependOn_IsTheSame()
    {
        var expected = Plain().Plan().Fingerprint;
        ProcessorPlan[] same =
        [
            Plain().WithName("other").Plan(),
            Plain().WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline }).Plan(),
            Plain().WithOptions(new StreamProcessorOptions { ShardCount = 4 }).Plan(),
            Plain().WithOptions(new StreamProcessorOptions { MaxKeys = 10, MaxSlices = 5 }).Plan(),
            PlannedSteps.Of().TumblingWindows(Second).AllowedLateness(Second * 7).Aggregate(Metrics).Plan(),
            PlannedSteps.Of().TumblingWindows(Second, offset: Second * 3).Aggregate(Metrics).Plan(),
        ];
        Assert.All(same, plan => Assert.Equal(expected, plan.Fingerprint));
    }

    [Fact]
    public void Fingerprint_WhatStateDependsOn_IsOfItsOwn()
    {
        var steps = PlannedSteps.Of();
        ProcessorPlan[] different =
        [
            Plain().Plan(),
            steps.TumblingWindows(Second * 2).Aggregate(Metrics).Plan(),
            steps.TumblingWindows(Second, offset: Second / 2).Aggregate(Metrics).Plan(),
            steps.SlidingWindows(Second * 2, Second).Aggregate(Metrics).Plan(),
            steps.SessionWindows(Second).Aggregate(Metrics).Plan(),
            steps.Silence(Second).Aggregate(Metrics).Plan(),
            steps.Silence(Second * 2).Aggregate(Metrics).Plan(),
            steps.Silence(Second, forgetAfter: Second * 2).Aggregate(Metrics).Plan(),
            steps.TumblingWindows(Second).Early(count: 5).Aggregate(Metrics).Plan(),
            steps.TumblingWindows(Second).InProcessingTime().Aggregate(Metrics).Plan(),
            steps.TumblingWindows(Second).Accumulation(AccumulationMode.Discarding).Aggregate(Metrics).Plan(),
            steps.TumblingWindows(Second).Aggregate(a => a.Sum("sum")).Plan(),
            steps.TumblingWindows(Second).Aggregate(a => a.Percentile("p", 50)).Plan(),
            steps.TumblingWindows(Second).Aggregate(a => a.Percentile("p", 50, mode: PercentileMode.Exact)).Plan(),
            Of(("value", MeasureType.Int64)),
            Of(("other", MeasureType.Double)),
            Of(("value", MeasureType.Double), ("second", MeasureType.Double)),
        ];
        Assert.Equal(different.Length, different.Select(plan => plan.Fingerprint).Distinct().Count());
    }

    [Theory]
    [InlineData("fa-IR")]
    [InlineData("tr-TR")]
    public void Fingerprint_AnyCulture_IsTheSame(string culture)
    {
        var expected = WithNumbers().Fingerprint;
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            Assert.Equal(expected, WithNumbers().Fingerprint);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Plan_LatenessOfZero_HasNoLateTrigger() => Assert.Null(
        PlannedSteps.Of().TumblingWindows(Second).AllowedLateness(TimeSpan.Zero).Aggregate(Metrics).Plan()
            .Queries[0].Late);

    private static void Metrics(AggregateBuilder aggregates) => aggregates.Count("n").Sum("sum").Max("max");

    private static BuildStep<string> Plain() =>
        PlannedSteps.Of().TumblingWindows(Second).Aggregate(Metrics);

    private static ProcessorPlan Of(params (string Name, MeasureType Type)[] measures) =>
        PlannedSteps.Of(measures).TumblingWindows(Second).Aggregate(a => a.Sum("sum", measures[0].Name)).Plan();

    private static ProcessorPlan WithNumbers() => PlannedSteps.Of().TumblingWindows(Second)
        .Aggregate(a => a.Histogram("h", [-0.5, 1.25]).Percentile("p", 99.5).Distinct("d")).Plan();
}
