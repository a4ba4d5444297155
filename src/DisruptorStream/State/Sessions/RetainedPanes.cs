using System.Runtime.InteropServices;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Panes;

namespace DisruptorStream.State.Sessions;

/// <summary>
/// Copies of emitted panes that a merged or later pane must withdraw, in chains ascending by end, start, index.
/// </summary>
internal sealed unsafe class RetainedPanes : IDisposable
{
    private const int LeastBytesPerEntry = (2 * sizeof(long)) + 2;

    private readonly AggregatePlan _plan;
    private readonly SlabPool _records;

    public RetainedPanes(AggregatePlan plan)
    {
        _plan = plan;
        _records = new SlabPool(sizeof(Entry) + plan.RecordBytes);
    }

    public long BytesReserved => _records.BytesReserved;

    public void Keep(ref int chain, Session* session, int paneIndex, byte* accumulators)
    {
        var index = _records.Rent();
        var entry = At(index);
        *entry = new Entry
        {
            StartTicks = session->StartTicks,
            EndTicks = session->EndTicks,
            PaneIndex = paneIndex,
        };
        _plan.Copy(accumulators, (byte*)(entry + 1));
        Insert(ref chain, index);
    }

    /// <summary>Moves the other chain's entries into this one.</summary>
    public void Append(ref int chain, ref int other)
    {
        while (other >= 0)
        {
            var index = other;
            other = At(index)->Next;
            Insert(ref chain, index);
        }
    }

    /// <summary>Emits a withdrawal for every entry and empties the chain.</summary>
    public void Withdraw(ref int chain, PaneRecords panes, in ResultHeader replacement, bool staged)
    {
        for (var index = chain; index >= 0; index = At(index)->Next)
        {
            var entry = At(index);
            var header = replacement;
            header.StartTicks = entry->StartTicks;
            header.EndTicks = entry->EndTicks;
            panes.Retract((byte*)(entry + 1), header, entry->PaneIndex, staged);
        }

        Clear(ref chain);
    }

    public void Clear(ref int chain)
    {
        while (chain >= 0)
        {
            var index = chain;
            chain = At(index)->Next;
            _plan.Release((byte*)(At(index) + 1));
            _records.Return(index);
        }
    }

    /// <summary>Writes the entries of a chain.</summary>
    public void Save(StateWriter writer, int chain)
    {
        var count = 0;
        for (var index = chain; index >= 0; index = At(index)->Next)
            count++;
        writer.WriteCount(count);
        for (var index = chain; index >= 0; index = At(index)->Next)
        {
            var entry = At(index);
            writer.WriteInt64(entry->StartTicks);
            writer.WriteInt64(entry->EndTicks);
            writer.WriteCount(entry->PaneIndex);
            _plan.Save(writer, (byte*)(entry + 1));
        }
    }

    /// <summary>Makes an empty chain what was saved.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader, ref int chain)
    {
        var last = -1;
        for (var left = reader.ReadCount(LeastBytesPerEntry, "panes to be withdrawn"); left > 0; left--)
        {
            var index = _records.Rent();
            var entry = At(index);
            *entry = new Entry
            {
                StartTicks = reader.ReadInt64(),
                EndTicks = reader.ReadInt64(),
                PaneIndex = (int)reader.ReadNumber(int.MaxValue, "the index of a pane"),
                Next = -1,
            };
            if (entry->StartTicks >= entry->EndTicks || (last >= 0 && !At(last)->Precedes(entry)))
                throw reader.Invalid("a pane to be withdrawn has no length, or is not behind the one before");
            _plan.Initialize((byte*)(entry + 1));
            _plan.Load(reader, (byte*)(entry + 1));
            if (last < 0)
                chain = index;
            else
                At(last)->Next = index;
            last = index;
        }
    }

    public void Dispose() => _records.Dispose();

    private Entry* At(int index) => (Entry*)_records[index];

    private void Insert(ref int chain, int index)
    {
        var entry = At(index);
        ref var link = ref chain;
        while (link >= 0 && At(link)->Precedes(entry))
            link = ref At(link)->Next;
        entry->Next = link;
        link = index;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public long StartTicks;
        public long EndTicks;
        public int PaneIndex;
        public int Next;

        public readonly bool Precedes(Entry* other)
        {
            if (EndTicks != other->EndTicks)
                return EndTicks < other->EndTicks;
            return StartTicks != other->StartTicks ? StartTicks < other->StartTicks : PaneIndex <= other->PaneIndex;
        }
    }
}
