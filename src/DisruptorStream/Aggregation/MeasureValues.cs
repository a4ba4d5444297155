using System.Runtime.InteropServices;

namespace DisruptorStream.Aggregation;

/// <summary>
/// One event as an aggregate over several measures sees it: these measures, its time and its place in the sequence.
/// </summary>
/// <remarks>It lives as long as the call that it is given to.</remarks>
public readonly ref struct MeasureValues
{
    private readonly ReadOnlySpan<long> _bits;
    private readonly ReadOnlySpan<MeasureType> _types;

    /// <summary>An event whose measures are doubles, to try an aggregate with.</summary>
    /// <param name="values">The measures, in the order in which the aggregate reads them.</param>
    /// <param name="timestampTicks">Event time in ticks since the Unix epoch.</param>
    /// <param name="sequence">Its place in the sequence.</param>
    public MeasureValues(ReadOnlySpan<double> values, long timestampTicks = 0, long sequence = 0)
        : this(MemoryMarshal.Cast<double, long>(values), [], timestampTicks, sequence)
    {
    }

    /// <summary>An event, to try an aggregate with.</summary>
    /// <param name="bits">The 64 bits of the measures, in the order in which the aggregate reads them.</param>
    /// <param name="types">How they are to be read; none where all are doubles.</param>
    /// <param name="timestampTicks">Event time in ticks since the Unix epoch.</param>
    /// <param name="sequence">Its place in the sequence.</param>
    /// <exception cref="ArgumentException">There are not as many types as measures.</exception>
    public MeasureValues(
        ReadOnlySpan<long> bits, ReadOnlySpan<MeasureType> types, long timestampTicks = 0, long sequence = 0)
    {
        if (!types.IsEmpty && types.Length != bits.Length)
            throw DifferentLengths(bits.Length, types.Length);
        _bits = bits;
        _types = types;
        TimestampTicks = timestampTicks;
        Sequence = sequence;
    }

    /// <summary>How many measures there are.</summary>
    public int Count => _bits.Length;

    /// <summary>Event time in ticks since the Unix epoch.</summary>
    public long TimestampTicks { get; }

    /// <summary>Grows with the order of publication; only its order means something.</summary>
    public long Sequence { get; }

    /// <summary>A measure as a double; one that is declared as long is rounded to the nearest.</summary>
    /// <param name="index">
    /// Which of the measures that the aggregate reads, from 0 on, in the order in which they are named where it is
    /// asked for.
    /// </param>
    /// <exception cref="IndexOutOfRangeException">There are fewer measures.</exception>
    public double this[int index] =>
        IsDouble(index) ? BitConverter.Int64BitsToDouble(_bits[index]) : _bits[index];

    /// <summary>A measure that is declared as long or as a symbol.</summary>
    /// <param name="index">Which, as for the indexer.</param>
    /// <exception cref="IndexOutOfRangeException">There are fewer measures.</exception>
    /// <exception cref="InvalidOperationException">The measure is a double.</exception>
    public long GetInt64(int index) => !IsDouble(index) ? _bits[index] : throw NoInteger(index);

    private static ArgumentException DifferentLengths(int bits, int types) =>
        new($"There are {bits} measures and {types} types; give each measure its type, or give none.", nameof(types));

    private static InvalidOperationException NoInteger(int index) => new(
        $"Measure {index} of the aggregate is a double; read it as values[{index}], or declare the measure as long.");

    private bool IsDouble(int index) => _types.IsEmpty || _types[index] == MeasureType.Double;
}
