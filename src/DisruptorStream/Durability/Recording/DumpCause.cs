namespace DisruptorStream.Durability.Recording;

/// <summary>Why a flight recording was dumped.</summary>
public enum DumpCause
{
    /// <summary>The program has asked for it.</summary>
    Asked = 0,

    /// <summary>A stage or a sink has failed, and the processor has ended.</summary>
    Fault = 1,

    /// <summary>As many events were dropped as <see cref="FlightRecorderOptions.OnDrops"/> says.</summary>
    Drops = 2,

    /// <summary>Results took as long as <see cref="FlightRecorderOptions.OnLatency"/> says.</summary>
    Latency = 3,
}
