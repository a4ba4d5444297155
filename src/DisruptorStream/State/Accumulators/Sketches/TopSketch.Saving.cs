using DisruptorStream.Saving;

namespace DisruptorStream.State.Accumulators.Sketches;

/// <content>Saved as how many values, and each with its count and error, in ascending order of the values.</content>
internal sealed unsafe partial class TopSketch
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
            writer.WriteCount(entry.Count);
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
            var times = reader.ReadNumber(long.MaxValue, "the count of a value");
            var error = reader.ReadNumber(Math.Max(0, times - 1), "the error of a value");
            if (times == 0 || value < before || (value == before && state.Count > 0))
                throw reader.Invalid($"the value {value} of a top list has no count, or is not behind the one before");
            Append(ref state, new Entry(value, times, error));
            before = value;
        }
    }
}
