namespace DisruptorStream.Testing.Scripts;

/// <summary>A keyed event of a script.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed record TestEvent<TKey>
{
    /// <param name="key">The key.</param>
    /// <param name="timestampTicks">Event time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="measures">One value for each measure.</param>
    public TestEvent(TKey key, long timestampTicks, params IReadOnlyList<double> measures)
    {
        ArgumentNullException.ThrowIfNull(measures);
        Key = key;
        TimestampTicks = timestampTicks;
        Measures = measures;
    }

    /// <summary>The key.</summary>
    public TKey Key { get; }

    /// <summary>Event time in ticks of 100 ns since the Unix epoch.</summary>
    public long TimestampTicks { get; }

    /// <summary>One value for each measure.</summary>
    public IReadOnlyList<double> Measures { get; }
}
