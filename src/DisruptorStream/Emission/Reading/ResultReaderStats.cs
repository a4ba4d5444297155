namespace DisruptorStream.Emission.Reading;

/// <summary>What a <see cref="ResultReader{TKey}"/> has done so far.</summary>
public sealed record ResultReaderStats
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How many results may wait for it.</summary>
    public required int Capacity { get; init; }

    /// <summary>Results that wait for it now.</summary>
    public required int ResultsBuffered { get; init; }

    /// <summary>Results that it has given.</summary>
    public required long ResultsRead { get; init; }

    /// <summary>Results that it will never give: <see cref="ResultReader{TKey}.Dropped"/>.</summary>
    public required long ResultsDropped { get; init; }

    /// <summary>How often its full buffer held the emitting thread.</summary>
    public required long Blocks { get; init; }

    /// <summary>For how long, in all; the present wait left out.</summary>
    public required TimeSpan BlockedTime { get; init; }
}
