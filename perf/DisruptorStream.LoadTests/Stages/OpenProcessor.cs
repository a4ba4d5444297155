using DisruptorStream.Topology;

namespace DisruptorStream.LoadTests.Stages;

/// <summary>A processor with what it is made of.</summary>
internal sealed record OpenProcessor(
    StreamProcessor<int> Processor, ProcessorParts<int> Parts, ConsumerSwitch Consumer);
