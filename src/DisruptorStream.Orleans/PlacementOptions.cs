using DisruptorStream.Messages;

namespace DisruptorStream.Orleans;

/// <summary>How the partitions of a query are placed. Each is checked when it is set.</summary>
public sealed record PlacementOptions
{
    /// <summary>
    /// How many silos besides the owner follow each partition, with its state in memory: 0 to 8. Default 0. A standby
    /// takes over without reading a checkpoint.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Standbys { get; init => field = OptionGuard.InRange(value, 0, 8); }

    /// <summary>How often each silo asks for all partitions: 10 ms to 1 minute. Default 250 ms.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan AskInterval
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1));
    } = TimeSpan.FromMilliseconds(250);
}
