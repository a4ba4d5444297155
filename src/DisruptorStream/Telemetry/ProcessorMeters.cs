using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Telemetry;

/// <summary>What a processor measures beside its counters.</summary>
internal sealed class ProcessorMeters
{
    private readonly StageClock[] _stages;

    /// <param name="timeProvider">The host's clock.</param>
    /// <param name="measuresLatency">Whether results are timed.</param>
    /// <param name="hostFailures">Counts what the host's own code throws.</param>
    /// <param name="histograms">What is recorded while events flow; null for nothing.</param>
    /// <param name="stages">The stages that have threads of their own, in their order.</param>
    public ProcessorMeters(
        TimeProvider timeProvider,
        bool measuresLatency,
        HostFailures hostFailures,
        ProcessorHistograms? histograms,
        params ReadOnlySpan<string> stages)
    {
        HostFailures = hostFailures;
        _stages = new StageClock[stages.Length];
        for (var stage = 0; stage < stages.Length; stage++)
            _stages[stage] = new StageClock(stages[stage], timeProvider);
        Waits = new WaitMeter(timeProvider);
        Latency = measuresLatency ? new LatencyMeter(timeProvider, histograms?.ResultLatency) : null;
        Batches = histograms is null ? null : new BatchMeter(histograms.BatchSize);
    }

    /// <summary>What the host's logger, clock and listeners threw.</summary>
    public HostFailures HostFailures { get; }

    /// <summary>How long publishers wait for room in the ring.</summary>
    public WaitMeter Waits { get; }

    /// <summary>From publication to result; null where it is not measured.</summary>
    public LatencyMeter? Latency { get; }

    /// <summary>The sizes of batches; null where nobody is told.</summary>
    public BatchMeter? Batches { get; }

    /// <summary>The stages that have threads of their own, in their order.</summary>
    public IReadOnlyList<StageClock> Stages => _stages;

    /// <summary>The thread of a stage.</summary>
    /// <param name="name">One of the names that were given.</param>
    public StageClock StageOf(string name) =>
        Array.Find(_stages, stage => string.Equals(stage.Name, name, StringComparison.Ordinal))
        ?? throw new ArgumentException($"There is no stage '{name}' with a thread of its own.", nameof(name));
}
