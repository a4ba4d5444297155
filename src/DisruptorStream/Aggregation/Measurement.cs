namespace DisruptorStream.Aggregation;

/// <summary>One event as an aggregate sees it: a measure, its time and its place in the sequence.</summary>
/// <param name="Bits">The measure's 64 bits.</param>
/// <param name="TimestampTicks">Event time in ticks since the Unix epoch.</param>
/// <param name="Sequence">Grows with the order of publication; only its order means something.</param>
public readonly record struct Measurement(long Bits, long TimestampTicks, long Sequence)
{
    /// <summary>The measure as a double, for a measure declared as double.</summary>
    public double Value => BitConverter.Int64BitsToDouble(Bits);

    /// <summary>The measure as a long, for a measure declared as long.</summary>
    public long Int64 => Bits;
}
