using DisruptorStream.Saving;

namespace DisruptorStream.State.Accumulators.Sketches.Tops;

/// <content>Saved as how many values, and each with its weight and error, in ascending order of the values.</content>
internal sealed unsafe partial class TopSketch<TWeights>
{
    private const int LeastBytesPerEntry = sizeof(long) + 2;

    public void Save(StateWriter writer, in TopState state)
    {
        for (var index = 0; index < state.Count; index++)
            _scratch[index] = EntryAt(in state, index);
        var entries = _scratch.AsSpan(0, state.Count);
        entries.Sort(static (left, right) => left.Value.CompareTo(right.Value));
        writer.WriteCount(entries.Length);
        foreach (ref readonly var entry in entries)
        {
            writer.WriteInt64(entry.Value);
            writer.WriteCount(entry.Weight);
            writer.WriteCount(entry.Error);
        }
    }

    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader, ref TopState state)
    {
        var count = reader.ReadCount(LeastBytesPerEntry, "values of a top list", _capacity);
        for (var before = long.MinValue; state.Count < count;)
        {
            var value = reader.ReadInt64();
            var weight = reader.ReadNumber(TWeights.Highest, "the weight of a value");
            var error = reader.ReadNumber(weight, "the error of a value");
            if (weight == 0 || value < before || (value == before && state.Count > 0))
                throw reader.Invalid($"the value {value} of a top list has no weight, or is not behind the one before");
            Append(ref state, new TopEntry(value, weight, error));
            before = value;
        }
    }
}
