using DisruptorStream.Pipeline.Durable;
using DisruptorStream.Slots;
using DisruptorStream.Telemetry;
using DisruptorStream.Telemetry.Guards;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Topology;

/// <summary>What a processor gets from its host beside its plan: clock, logger, meters.</summary>
/// <remarks>Logger and clock come in here, guarded: what they throw is counted and goes no further.</remarks>
internal sealed record ProcessorServices
{
    private readonly GuardedClock? _clock;

    /// <param name="timeProvider">The host's clock.</param>
    /// <param name="logger">The host's logger.</param>
    public ProcessorServices(TimeProvider timeProvider, ILogger logger)
    {
        // The system's clock does not throw.
        if (timeProvider != TimeProvider.System)
            _clock = new GuardedClock(timeProvider, HostFailures);
        TimeProvider = _clock ?? TimeProvider.System;
        Logger = new GuardedLogger(logger, HostFailures);
    }

    /// <summary>What the host's own code threw.</summary>
    public HostFailures HostFailures { get; } = new();

    public TimeProvider TimeProvider { get; }

    public ILogger Logger { get; }

    /// <summary>What is recorded while events flow; null for nothing.</summary>
    public ProcessorHistograms? Histograms { get; init; }

    public required TimeSpan ShutdownTimeout { get; init; }

    /// <summary>Whether results are timed.</summary>
    public required bool MeasuresLatency { get; init; }

    /// <summary>Batches for each one that is traced.</summary>
    public required int BatchesPerTrace { get; init; }

    /// <summary>What is written before results may go; null where nothing is.</summary>
    public JournalServices? Journal { get; init; }

    /// <summary>
    /// Stands between the ring of an Inline processor and its stages, and sees what they handle, events that are never
    /// copied into slots too; null for nobody.
    /// </summary>
    public Func<ISlotConsumer, ISlotConsumer>? InlineTap { get; init; }

    /// <summary>
    /// Keeps the state when the processor is suspended: given the last sequence, all of which is delivered by then, and
    /// a token that an abort cancels. Null where the state is not durable.
    /// </summary>
    public Func<long, CancellationToken, Task>? OnSuspend { get; init; }

    /// <summary>Takes what the clock has thrown since it was asked last; null for nothing.</summary>
    public Exception? TakeClockFailure() => _clock?.TakeFailure();
}
