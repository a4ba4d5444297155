namespace DisruptorStream.Emission.Tables;

/// <summary>How a table shows when windows begin and end.</summary>
public enum WindowTimes
{
    /// <summary>
    /// As moments of the target's own type, in UTC. A window outside of the years 1 to 9999 is refused then.
    /// </summary>
    Moments = 0,

    /// <summary>As integers: ticks of 100 ns since 1970 (UTC). Every window can be shown.</summary>
    Ticks,
}
