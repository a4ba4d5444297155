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
        Assert.Equal("9be63e61f8ab1e57f533b7ff158343ca", Plain().Build().Fingerprint.ToString());

    [Fact]
    public void Fingerprint_SettingsThatStateDoesNotDependOn_IsTheSame()
    {
        var expected = Plain().Build().Fingerprint;
        ProcessorPlan[] same =
        [
            Plain().WithName("other").Build(),
            Plain().WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline }).Build(),
            Plain().WithOptions(new StreamProcessorOptions { ShardCount = 4 }).Build(),
            Plain().WithOptions(new StreamProcessorOptions { MaxKeys = 10, MaxSlices = 5 }).Build(),
            new PlannedSteps().TumblingWindows(Second).AllowedLateness(Second * 7).Aggregate(Metrics).Build(),
            new PlannedSteps().TumblingWindows(Second, offset: Second * 3).Aggregate(Metrics).Build(),
        ];
        Assert.All(same, plan => Assert.Equal(expected, plan.Fingerprint));
    }

    [Fact]
    public void Fingerprint_WhatStateDependsOn_IsOfItsOwn()
    {
        var steps = new PlannedSteps();
        ProcessorPlan[] different =
        [
            Plain().Build(),
            steps.TumblingWindows(Second * 2).Aggregate(Metrics).Build(),
            steps.TumblingWindows(Second, offset: Second / 2).Aggregate(Metrics).Build(),
            steps.SlidingWindows(Second * 2, Second).Aggregate(Metrics).Build(),
            steps.SessionWindows(Second).Aggregate(Metrics).Build(),
            steps.TumblingWindows(Second).Early(count: 5).Aggregate(Metrics).Build(),
            steps.TumblingWindows(Second).InProcessingTime().Aggregate(Metrics).Build(),
            steps.TumblingWindows(Second).Accumulation(AccumulationMode.Discarding).Aggregate(Metrics).Build(),
            steps.TumblingWindows(Second).Aggregate(a => a.Sum("sum")).Build(),
            steps.TumblingWindows(Second).Aggregate(a => a.Percentile("p", 50)).Build(),
            steps.TumblingWindows(Second).Aggregate(a => a.Percentile("p", 50, mode: PercentileMode.Exact)).Build(),
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
        new PlannedSteps().TumblingWindows(Second).AllowedLateness(TimeSpan.Zero).Aggregate(Metrics).Build()
            .Queries[0].Late);

    private static void Metrics(AggregateBuilder aggregates) => aggregates.Count("n").Sum("sum").Max("max");

    private static BuildStep<ProcessorPlan, string> Plain() =>
        new PlannedSteps().TumblingWindows(Second).Aggregate(Metrics);

    private static ProcessorPlan Of(params (string Name, MeasureType Type)[] measures) =>
        new PlannedSteps(measures).TumblingWindows(Second).Aggregate(a => a.Sum("sum", measures[0].Name)).Build();

    private static ProcessorPlan WithNumbers() => new PlannedSteps().TumblingWindows(Second)
        .Aggregate(a => a.Histogram("h", [-0.5, 1.25]).Percentile("p", 99.5).Distinct("d")).Build();
}
