using System.Runtime.InteropServices;
using DisruptorStream.Saving;

namespace DisruptorStream.State.Accumulators.Sketches.Quantiles;

/// <content>Saved as how many values, and these in ascending order: the order they came in means nothing.</content>
internal sealed unsafe partial class ValueList
{
    private long[] _ordered = [];

    public void Save(StateWriter writer, in BlockRange range, int count)
    {
        if (_ordered.Length < count)
            _ordered = new long[range.Length];
        var ordered = _ordered.AsSpan(0, count);
        MemoryMarshal.Cast<double, long>(ValuesOf(in range, count)).CopyTo(ordered);

        // As whole numbers they have one order, also where two doubles are equal and not the same.
        foreach (ref var bits in ordered)
            bits = Turn(bits);
        ordered.Sort();
        foreach (ref var bits in ordered)
            bits = Turn(bits);
        writer.WriteCount(count);
        writer.WriteBytes(MemoryMarshal.AsBytes(ordered));
    }

    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader, ref BlockRange range, ref int count, int most)
    {
        var saved = reader.ReadCount(sizeof(double), "values", most);
        for (var before = long.MinValue; count < saved;)
        {
            var bits = reader.ReadInt64();
            var value = BitConverter.Int64BitsToDouble(bits);
            if (!double.IsFinite(value) || Turn(bits) < before)
                throw reader.Invalid($"the value {value} is not finite, or below the one before");
            Add(ref range, count++, value);
            before = Turn(bits);
        }
    }

    /// <summary>The bits of a double as a whole number with the same order, and back.</summary>
    private static long Turn(long bits) => bits ^ (bits >> 63 & long.MaxValue);
}
