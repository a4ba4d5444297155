namespace DisruptorStream.Events;

/// <summary>What a whole number that is a time counts; all but <see cref="DateTimeTicks"/> from 1970, in UTC.</summary>
public enum EventTimeUnit
{
    /// <summary>Ticks of 100 ns: the engine's own.</summary>
    Ticks = 0,

    /// <summary>Nanoseconds; they are rounded down to ticks.</summary>
    Nanoseconds,

    /// <summary>Microseconds.</summary>
    Microseconds,

    /// <summary>Milliseconds, as of JavaScript, Java and <see cref="DateTimeOffset.ToUnixTimeMilliseconds"/>.</summary>
    Milliseconds,

    /// <summary>Seconds, as of <see cref="DateTimeOffset.ToUnixTimeSeconds"/>.</summary>
    Seconds,

    /// <summary>Ticks of 100 ns from the year 1, as of <see cref="DateTime.Ticks"/>, in UTC.</summary>
    DateTimeTicks,
}
