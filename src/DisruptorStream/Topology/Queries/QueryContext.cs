using DisruptorStream.Plans;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Topology.Queries;

/// <summary>What the parts of each query are made from: what all queries of a processor share.</summary>
internal sealed record QueryContext
{
    public required ProcessorPlan Plan { get; init; }

    public required ProcessorServices Services { get; init; }

    public required ProcessorMeters Meters { get; init; }

    /// <summary>Whose slots the stages handle.</summary>
    public required Sequencer Sequencer { get; init; }

    /// <summary>The first sequence.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>The fault of the pipeline.</summary>
    public required RingFault Fault { get; init; }

    /// <summary>Called when somebody begins to wait for results.</summary>
    public required Func<IDisposable?> OnWait { get; init; }

    /// <summary>Makes wait strategies.</summary>
    public required Func<WaitStrategy> Waits { get; init; }

    /// <summary>Cancelled at an abort.</summary>
    public required CancellationToken Abort { get; init; }
}
