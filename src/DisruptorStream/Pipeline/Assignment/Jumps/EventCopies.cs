using System.Runtime.InteropServices;
using DisruptorStream.Events;

namespace DisruptorStream.Pipeline.Assignment.Jumps;

/// <summary>Copies of events that left the ring before they were decided on.</summary>
/// <remarks>
/// Window assignment makes a copy and hands it on in a run, as often as there are shards; the last of them gives its
/// place back. Nothing is moved, so the places that a shard reads stay where they are.
/// </remarks>
internal sealed unsafe class EventCopies
{
    private const int BlockShift = 7;
    private const int BlockEvents = 1 << BlockShift;

    private readonly int _furtherMeasureCount;
    private readonly int _readers;
    private Block[] _blocks = [];
    private int _next;

    /// <param name="furtherMeasureCount">Measures of an event beside the first.</param>
    /// <param name="readers">How many shards read each copy that is handed on.</param>
    public EventCopies(int furtherMeasureCount, int readers)
    {
        _furtherMeasureCount = furtherMeasureCount;
        _readers = readers;
    }

    /// <summary>Where the words of an event lie.</summary>
    public SlotLayout Layout { get; private init; } = new(Measures: 1, Keys: 1, Filters: 0);

    /// <summary>Measures of an event beside the first.</summary>
    public int FurtherMeasureCount => _furtherMeasureCount;

    /// <summary>Those of a first stage.</summary>
    public static EventCopies Of(AssignmentRules rules) =>
        new(rules.Layout.FurtherWords, rules.ShardCount) { Layout = rules.Layout };

    /// <summary>Copies the first event of a view. Returns its place, 1 or more.</summary>
    public int Add(in EventView view) => Add(
        *view.Slots,
        new ReadOnlySpan<long>(view.FurtherMeasures, _furtherMeasureCount),
        view.SequenceOf(0));

    /// <summary>Copies an event. Returns its place, 1 or more.</summary>
    public int Add(in EventSlot slot, ReadOnlySpan<long> furtherMeasures, long sequence)
    {
        var place = FindFree();
        ref readonly var block = ref _blocks[place >> BlockShift];
        var at = place & (BlockEvents - 1);
        block.Slots[at] = slot;
        block.Sequences[at] = sequence;
        furtherMeasures.CopyTo(block.FurtherMeasures.AsSpan(at * _furtherMeasureCount));
        block.Readers[at] = _readers;
        return place + 1;
    }

    /// <summary>A copy as an event that is decided on at another slot.</summary>
    /// <param name="copy">Its place.</param>
    /// <param name="cause">The sequence of that slot.</param>
    public EventView View(int copy, long cause)
    {
        // Pairs with the write in Grow. The run that names the copy was published after it.
        ref readonly var block = ref Volatile.Read(ref _blocks)[(copy - 1) >> BlockShift];
        var at = (copy - 1) & (BlockEvents - 1);
        var further = _furtherMeasureCount == 0
            ? null
            : (long*)Marshal.UnsafeAddrOfPinnedArrayElement(block.FurtherMeasures, at * _furtherMeasureCount);
        var sequence = (long*)Marshal.UnsafeAddrOfPinnedArrayElement(block.Sequences, at);
        return new EventView(
            (EventSlot*)Marshal.UnsafeAddrOfPinnedArrayElement(block.Slots, at),
            further,
            _furtherMeasureCount,
            *sequence,
            count: 1,
            sequence)
        {
            Cause = cause,
        };
    }

    /// <summary>Has a shard handle a run that names a copy.</summary>
    public void HandTo(AggregationStage shard, in EventRun run)
    {
        shard.OnRun(run, View(run.Copy, run.FirstSequence));
        Release(run.Copy);
    }

    /// <summary>As the other, with the event as a query has it.</summary>
    public void HandTo(AggregationStage shard, in EventRun run, QuerySelection selection)
    {
        shard.OnRun(run, selection.EventOf(View(run.Copy, run.FirstSequence)));
        Release(run.Copy);
    }

    private void Release(int copy)
    {
        ref readonly var block = ref Volatile.Read(ref _blocks)[(copy - 1) >> BlockShift];

        // Pairs with the read in FindFree: the place is written again only after all have read it.
        Interlocked.Decrement(ref block.Readers[(copy - 1) & (BlockEvents - 1)]);
    }

    private int FindFree()
    {
        var places = _blocks.Length << BlockShift;
        for (var tried = 0; tried < places; tried++)
        {
            _next = _next + 1 >= places ? 0 : _next + 1;

            // Pairs with the exchange in Release.
            if (Volatile.Read(ref _blocks[_next >> BlockShift].Readers[_next & (BlockEvents - 1)]) == 0)
                return _next;
        }

        Grow();
        return _next = places;
    }

    private void Grow()
    {
        // More than one at a time, so that a search among places that are all taken is rare.
        var added = Math.Max(1, _blocks.Length);
        var blocks = new Block[_blocks.Length + added];
        _blocks.CopyTo(blocks, 0);
        for (var block = _blocks.Length; block < blocks.Length; block++)
            blocks[block] = new Block(_furtherMeasureCount);

        // Pairs with the reads in View and Release.
        Volatile.Write(ref _blocks, blocks);
    }

    private readonly struct Block
    {
        public Block(int furtherMeasureCount)
        {
            Slots = GC.AllocateArray<EventSlot>(BlockEvents, pinned: true);
            Sequences = GC.AllocateArray<long>(BlockEvents, pinned: true);
            FurtherMeasures = GC.AllocateArray<long>(BlockEvents * furtherMeasureCount, pinned: true);
            Readers = new int[BlockEvents];
        }

        public EventSlot[] Slots { get; }

        public long[] Sequences { get; }

        public long[] FurtherMeasures { get; }

        public int[] Readers { get; }
    }
}
