using DisruptorStream.Building;
using DisruptorStream.Topology;

namespace DisruptorStream.LoadTests.Stages;

/// <summary>A processor with what it is made of.</summary>
internal sealed record OpenProcessor(StreamProcessor<int> Processor, ProcessorParts Parts, ConsumerSwitch Consumer)
{
    public static OpenProcessor Of(BuildStep<int> step)
    {
        ConsumerSwitch? consumer = null;
        var parts = step.Definition.Build(
            out var instruments, stages => consumer = new ConsumerSwitch(stages));
        return new OpenProcessor(new StreamProcessor<int>(parts, instruments), parts, consumer!);
    }
}
