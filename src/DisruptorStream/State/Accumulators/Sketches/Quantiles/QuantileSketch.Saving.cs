using DisruptorStream.Saving;

namespace DisruptorStream.State.Accumulators.Sketches.Quantiles;

/// <content>
/// Saved as how many values are kept and these in ascending order; or as 0, 1, the ends and the counts of the buckets.
/// </content>
internal sealed unsafe partial class QuantileSketch
{
    public void Save(StateWriter writer, in QuantileState state)
    {
        if (state.Values != QuantileState.IsSketch)
        {
            _values.Save(writer, in state.Positive, state.Values);
            if (state.Values == 0)
                writer.WriteByte(0);
            return;
        }

        writer.WriteCount(0);
        writer.WriteByte(1);
        writer.WriteInt64(BitConverter.DoubleToInt64Bits(state.Min));
        writer.WriteInt64(BitConverter.DoubleToInt64Bits(state.Max));
        writer.WriteCount(state.Zeros);
        _bins.Save(writer, in state.Positive);
        _bins.Save(writer, in state.Negative);
    }

    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader, ref QuantileState state)
    {
        _values.Load(reader, ref state.Positive, ref state.Values, MaxValues);
        if (state.Values > 0 || !reader.ReadFlag())
            return;
        state.Values = QuantileState.IsSketch;
        state.Min = BitConverter.Int64BitsToDouble(reader.ReadInt64());
        state.Max = BitConverter.Int64BitsToDouble(reader.ReadInt64());
        if (!(state.Min <= state.Max))
            throw reader.Invalid($"a sketch has values from {state.Min} to {state.Max} as its ends");
        state.Zeros = reader.ReadNumber(BinStore.MostCounted, "the number of zeros");
        var (first, last) = (_buckets.IndexOf(RelativeBuckets.MinValue), _buckets.IndexOf(double.MaxValue));
        _bins.Load(reader, ref state.Positive, first, last);
        _bins.Load(reader, ref state.Negative, first, last);
    }
}
