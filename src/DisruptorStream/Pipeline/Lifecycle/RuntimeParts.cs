using DisruptorStream.Emission.Delivery;
using DisruptorStream.Slots;
using DisruptorStream.Slots.Inline;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Rings;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>What a <see cref="ProcessorRuntime"/> is put together from.</summary>
internal sealed record RuntimeParts
{
    public required EventRing Ring { get; init; }

    public required Execution Execution { get; init; }

    /// <summary>How far the results of all queries have come.</summary>
    public required Deliveries Deliveries { get; init; }

    public required ProcessorStatus Status { get; init; }

    public required SlotFigures Figures { get; init; }

    /// <summary>Who has the ring, where there are no threads; null where there are.</summary>
    public required InlineHold? Hold { get; init; }

    public required PublishGate Gate { get; init; }

    /// <summary>The saves that were asked for.</summary>
    public required SavePoints Saves { get; init; }

    public required EngineThreads Threads { get; init; }

    public required EngineWatch Watch { get; init; }

    /// <summary>The sinks: closed at an abort, completed at the end.</summary>
    public required IOutputs Outputs { get; init; }

    public required RingFault Fault { get; init; }

    public required ClockTicker Ticker { get; init; }

    public required IResultBuffer Results { get; init; }

    /// <summary>Tell the log at the end what no tick came for: one for each query.</summary>
    public required IReadOnlyList<Reporter> Reporters { get; init; }

    /// <summary>Cancelled at an abort.</summary>
    public required CancellationTokenSource Abort { get; init; }

    public required TimeSpan ShutdownTimeout { get; init; }

    public required ILogger Logger { get; init; }

    /// <summary>
    /// Called at the end, when nobody publishes, handles or delivers any more, and told whether all was handled and
    /// delivered; null for nothing. It never throws, and does nothing the second time.
    /// </summary>
    public Func<bool, Task>? OnEnd { get; init; }

    /// <summary>
    /// What a suspension does once all that was published has been handled and delivered, before the threads end: given
    /// the last sequence, and a token that an abort cancels. Null where the state is not durable: then there is none.
    /// </summary>
    /// <remarks>Where it fails, the processor stays as it is: the stop can be asked for again.</remarks>
    public required Func<long, CancellationToken, Task>? OnSuspend { get; init; }

    /// <summary>The processor's name.</summary>
    public required string Name { get; init; }
}
