using DisruptorStream.Building;
using DisruptorStream.Windows;

namespace DisruptorStream.LoadTests.Stages;

/// <summary>The first step to a processor whose parts can be reached.</summary>
internal sealed class OpenEventsStep : WindowingStep<OpenProcessor, int>
{
    internal override WindowedStep<OpenProcessor, int> Windowed(WindowDefinition window)
    {
        var definition = new PipelineDefinition<int> { Window = window };
        return new(definition, static complete =>
        {
            ConsumerSwitch? consumer = null;
            var parts = complete.Build(stages => consumer = new ConsumerSwitch(stages));
            return new OpenProcessor(new StreamProcessor<int>(parts), parts, consumer!);
        });
    }
}
