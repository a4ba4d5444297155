using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Emission;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Building;

/// <summary>Steps can be held in variables and passed to methods by plain names.</summary>
[SuppressMessage("Style", "IDE0007", Justification = "The names of the types are what is tested.")]
public sealed class StepNamesTests
{
    [Fact]
    public async Task HelperMethods_OfKeyedEvents_AddToEachStep()
    {
        var collector = new CollectingSink<string>();
        KeyedEventsStep<string> events = AddMeasure(StreamProcessorBuilder.ForKeys<string>());
        WindowedStep<string> windows = AddLateness(events.TumblingWindows(TimeSpan.FromTicks(10)));
        BuildStep<string> last = AddDefaults(windows.Aggregate(a => a.Sum("sum")), collector);
        await using StreamProcessor<string> processor = last.Build();

        processor.Publish("a", 1, 2);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.Equal(["a [0, 10) OnTime 2"], collector.Texts());
        Assert.Equal("helped", processor.Name);

        static KeyedEventsStep<string> AddMeasure(KeyedEventsStep<string> step) => step.Measure("price");

        static WindowedStep<string> AddLateness(WindowedStep<string> step) =>
            step.AllowedLateness(TimeSpan.Zero).Accumulation(AccumulationMode.Accumulating);

        static BuildStep<string> AddDefaults(BuildStep<string> step, IResultSink<string> sink) =>
            step.WithOptions(Processors.Options(ExecutionMode.Inline)).WithName("helped").To(sink);
    }

    [Fact]
    public async Task HelperMethods_OfTypedEvents_AddToEachStep()
    {
        var collector = new CollectingSink<string>();
        MeasuresStep<Sale, string> events = AddMeasure(StreamProcessorBuilder.For<Sale>()
            .KeyBy(sale => sale.Shop)
            .EventTime(sale => sale.Ticks));
        WindowedStep<Sale, string> windows = AddLateness(events.TumblingWindows(TimeSpan.FromTicks(10)));
        BuildStep<Sale, string> last = AddDefaults(windows.Aggregate(a => a.Sum("sum")), collector);
        await using StreamProcessor<Sale, string> processor = last.Build();

        processor.Publish(new Sale("a", 1, 2));
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);

        Assert.Equal(["a [0, 10) OnTime 2"], collector.Texts());

        static MeasuresStep<Sale, string> AddMeasure(MeasuresStep<Sale, string> step) =>
            step.Measure("price", sale => sale.Price);

        static WindowedStep<Sale, string> AddLateness(WindowedStep<Sale, string> step) =>
            step.AllowedLateness(TimeSpan.Zero);

        static BuildStep<Sale, string> AddDefaults(BuildStep<Sale, string> step, IResultSink<string> sink) =>
            step.WithOptions(Processors.Options(ExecutionMode.Inline)).To(sink);
    }

    /// <summary>One method for both kinds of pipeline, which gives back what it got.</summary>
    [Fact]
    public void HelperMethods_OfBothKinds_ReturnTheStepItself()
    {
        BuildStep<string> keyed = Name(Widen(StreamProcessorBuilder.ForKeys<string>()).Aggregate(Count));
        BuildStep<Sale, string> typed = Name(Widen(StreamProcessorBuilder.For<Sale>()
            .KeyBy(sale => sale.Shop)
            .EventTime(sale => sale.Ticks)
            .Measure("price", sale => sale.Price)).Aggregate(Count));

        Assert.Equal(("both", "both"), (keyed.Name, typed.Name));

        static TStep Widen<TStep>(WindowingStep<TStep> step) => step.TumblingWindows(TimeSpan.FromHours(1));

        static void Count(AggregateBuilder aggregates) => aggregates.Count("count");

        static TStep Name<TStep, TProcessor, TKey>(BuildStepBase<TStep, TProcessor, TKey> step)
            where TStep : BuildStepBase<TStep, TProcessor, TKey>
            where TKey : notnull => step.WithName("both");
    }

    private sealed record Sale(string Shop, long Ticks, double Price);
}
