using System.Runtime.InteropServices;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Sketches;

/// <content>Saved as how many hashes, and the hashes in ascending order; or as 0, 1 and the registers.</content>
internal sealed unsafe partial class DistinctSketch
{
    private ulong[] _sorted = [];

    public void Save(StateWriter writer, in DistinctState state)
    {
        if (state.Hashes == DistinctState.IsDense)
        {
            writer.WriteCount(0);
            writer.WriteByte(1);
            writer.WriteBytes(state.Range.Items<byte>(_blocks));
            return;
        }

        writer.WriteCount(state.Hashes);
        if (state.Hashes == 0)
        {
            writer.WriteByte(0);
            return;
        }

        if (_sorted.Length < state.Hashes)
            _sorted = new ulong[_maxHashes + 1];
        var count = 0;
        foreach (var hash in state.Range.Items<ulong>(_blocks))
        {
            if (hash != 0)
                _sorted[count++] = hash;
        }

        var hashes = _sorted.AsSpan(0, count);
        hashes.Sort();
        writer.WriteBytes(MemoryMarshal.AsBytes(hashes));
    }

    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader, ref DistinctState state)
    {
        var count = reader.ReadCount(sizeof(ulong), "hashes of a distinct count", _maxHashes);
        if (count > 0)
        {
            LoadHashes(reader, ref state, count);
            return;
        }

        if (!reader.ReadFlag())
            return;
        state.Range = BlockRange.Rent(_blocks, _registers);
        state.Hashes = DistinctState.IsDense;
        var registers = state.Range.Items<byte>(_blocks);
        reader.ReadBytes(registers);
        if (registers.ContainsAnyExceptInRange((byte)0, (byte)(64 - _precision + 1)))
            throw reader.Invalid("a register of a distinct count is too high");
    }

    private void LoadHashes(StateReader reader, ref DistinctState state, int count)
    {
        // As large as it has become by adding this many.
        var bytes = BlockPool.MinBytes;
        while (count > bytes / sizeof(ulong) * 3 / 4)
            bytes *= 2;
        state.Range = BlockRange.Rent(_blocks, bytes);
        var table = state.Range.Items<ulong>(_blocks);
        table.Clear();
        var before = 0UL;
        for (; state.Hashes < count; state.Hashes++)
        {
            var hash = (ulong)reader.ReadInt64();
            if (hash <= before)
                throw reader.Invalid("the hashes of a distinct count do not ascend");
            Insert(table, hash);
            before = hash;
        }
    }
}
