using System.Runtime.InteropServices;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Panes;

namespace DisruptorStream.State.Sessions;

/// <summary>
/// Copies of emitted panes that a merged or later pane must withdraw, in chains ascending by end, start, index.
/// </summary>
internal sealed unsafe class RetainedPanes : IDisposable
{
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
