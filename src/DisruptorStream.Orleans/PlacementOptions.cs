namespace DisruptorStream.Orleans;

/// <summary>How the partitions of a query are placed. Each is checked when it is set.</summary>
public sealed record PlacementOptions
{
    /// <summary>
    /// How many silos besides the owner follow each partition, with its state in memory: 0 to 8. Default 0. A standby
    /// takes over without reading a checkpoint.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int Standbys
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 8);
            field = value;
        }
    }

    /// <summary>How often each silo asks for all partitions: 10 ms to 1 minute. Default 250 ms.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan AskInterval
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(10));
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, TimeSpan.FromMinutes(1));
            field = value;
        }
    } = TimeSpan.FromMilliseconds(250);
}
