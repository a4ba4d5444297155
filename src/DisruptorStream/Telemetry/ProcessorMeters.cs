using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Telemetry;

/// <summary>What a processor measures beside its counters.</summary>
internal sealed class ProcessorMeters
{
    private readonly TimeProvider _timeProvider;
    private readonly List<StageClock> _stages = [];

    /// <param name="timeProvider">The host's clock.</param>
    /// <param name="measuresLatency">Whether results are timed.</param>
    /// <param name="hostFailures">Counts what the host's own code throws.</param>
    public ProcessorMeters(TimeProvider timeProvider, bool measuresLatency, HostFailures hostFailures)
    {
        HostFailures = hostFailures;
        _timeProvider = timeProvider;
        Waits = new WaitMeter(timeProvider);
        Latency = measuresLatency ? new LatencyMeter(timeProvider) : null;
    }

    /// <summary>What the host's logger, clock and listeners threw.</summary>
    public HostFailures HostFailures { get; }

    /// <summary>How long publishers wait for room in the ring.</summary>
    public WaitMeter Waits { get; }

    /// <summary>From publication to result; null where it is not measured.</summary>
    public LatencyMeter? Latency { get; }

    /// <summary>
    /// The stages that have threads of their own, in their order. Complete once the processor is built.
    /// </summary>
    public IReadOnlyList<StageClock> Stages => _stages;

    /// <summary>Adds the thread of a stage. While the processor is built.</summary>
    public StageClock AddStage(string name)
    {
        var clock = new StageClock(name, _timeProvider);
        _stages.Add(clock);
        return clock;
    }
}
