using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Plans;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Plans;

/// <summary>The builder's steps, to a plan instead of a processor.</summary>
internal sealed class PlannedSteps : WindowingStep<ProcessorPlan, string>
{
    private readonly MeasureDefinition[] _measures;

    public PlannedSteps(params (string Name, MeasureType Type)[] measures) => _measures =
        [.. measures.Select((measure, index) => new MeasureDefinition(measure.Name, index, measure.Type))];

    internal override WindowedStep<ProcessorPlan, string> Windowed(WindowDefinition window)
    {
        var definition = new PipelineDefinition<string> { Window = window };
        if (_measures.Length > 0)
            definition = definition with { Measures = _measures };
        return new(definition, ProcessorPlanner.Plan);
    }
}
