using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Building.Planning;
using DisruptorStream.Plans;

namespace DisruptorStream.Tests.Plans;

/// <summary>The builder's steps, to a plan instead of a processor.</summary>
internal static class PlannedSteps
{
    public static KeyedEventsStep<string> Of(params (string Name, MeasureType Type)[] measures)
    {
        var events = StreamProcessorBuilder.ForKeys<string>();
        foreach (var (name, type) in measures)
            events = events.Measure(name, type);
        return events;
    }

    public static ProcessorPlan Plan(this BuildStep<string> step) => ProcessorPlanner.Plan(step.Definition);
}
