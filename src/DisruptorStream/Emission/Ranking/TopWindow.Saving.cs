using DisruptorStream.Saving;
using DisruptorStream.State;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Emission.Ranking;

/// <content>What is saved: the panes by their keys, and how many lists each group has had.</content>
internal sealed partial class TopWindow
{
    private const int LeastBytesOfPane = 3;

    /// <summary>Writes all panes. While no list is due.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="failures">What user code threw in the windows of a key.</param>
    public void Save(StateWriter writer, Func<int, FailureLog> failures)
    {
        var rows = new int[_rowCount];
        for (var row = 0; row < rows.Length; row++)
            rows[row] = row;
        Array.Sort(rows, (left, right) => _rows[left].KeyId.CompareTo(_rows[right].KeyId));
        writer.WriteInt64(StartTicks);
        writer.WriteInt64(EndTicks);
        writer.WriteCount(rows.Length);
        foreach (var row in rows)
        {
            ref readonly var pane = ref _rows[row];
            writer.WriteCount(pane.KeyId);
            writer.WriteByte((byte)pane.Flags);
            failures(pane.KeyId).Save(writer, pane.FailureIndex);
            for (var column = 0; column < _schema.Count && pane.FailureIndex < 0; column++)
                writer.WriteInt64(ValuesOf(row)[column]);
        }

        var seen = new bool[_groupCount];
        foreach (var row in rows)
        {
            var group = _rows[row].Group;
            if (!seen[group])
                writer.WriteCount(_groups[group].Lists);
            seen[group] = true;
        }
    }

    /// <summary>Becomes the window that was saved.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader, Func<int, FailureLog> failures)
    {
        var startTicks = reader.ReadInt64();
        var endTicks = reader.ReadInt64();
        if (startTicks >= endTicks)
            throw reader.Invalid("a window ends before it starts");
        Reset(startTicks, endTicks);
        var values = new long[_schema.Count];
        var after = -1;
        for (var left = reader.ReadCount(LeastBytesOfPane, "panes"); left > 0; left--)
        {
            var keyId = (int)reader.ReadNumber(reader.KeyRange - 1L, "the id of a key");
            if (keyId <= after || _order.OrdinalOf(keyId) < 0)
                throw reader.Invalid($"the id {keyId} stands for no key, or comes after {after}");
            after = keyId;
            var flags = (ResultFlags)reader.ReadByte();
            if ((flags & ~OfPane) != ResultFlags.None)
                throw reader.Invalid($"there are no panes of kind {(int)flags}");
            var failureIndex = failures(keyId).Load(reader);
            for (var column = 0; column < values.Length; column++)
                values[column] = failureIndex < 0 ? reader.ReadInt64() : 0;
            Put(keyId, failureIndex, flags, values);
        }

        // Groups are numbered as their first panes come, which is the order in which they were saved.
        for (var group = 0; group < _groupCount; group++)
        {
            _groups[group].Lists = (int)reader.ReadNumber(int.MaxValue, "the number of lists");
            _groups[group].IsTouched = false;
        }

        _touched.Clear();
    }
}
