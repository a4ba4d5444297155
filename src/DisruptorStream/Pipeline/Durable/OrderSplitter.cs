using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Durability.Journal.Writing;
using DisruptorStream.Events;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Sources;

namespace DisruptorStream.Pipeline.Durable;

/// <summary>
/// Appends slots to the journal: events of sources that can give them again as their order alone, all others as they
/// are.
/// </summary>
/// <remarks>
/// <para>
/// One caller at a time. A run is of one source, has no other slot in it, and lies between two records: so all that is
/// needed to make its slots again is as it was at its first one.
/// </para>
/// <para>
/// Where events come in small numbers among others, their slots take less than the frames between would, and are
/// written as they are.
/// </para>
/// </remarks>
internal sealed class OrderSplitter
{
    private const int LeastSlots = 16;
    private const int LeastSlotsPerRun = 4;

    private readonly JournalWriter _writer;
    private readonly SourceRegistry _sources;
    private readonly List<long> _boundaries = [];
    private readonly OrderRun[] _runs;
    private int _runCount;

    /// <param name="writer">Writes the journal.</param>
    /// <param name="sources">Know of which sources the order is enough.</param>
    public OrderSplitter(JournalWriter writer, SourceRegistry sources)
    {
        _writer = writer;
        _sources = sources;
        _runs = new OrderRun[writer.MostOrderRuns];
    }

    /// <summary>Records are appended, which slots from the next one on may need.</summary>
    /// <param name="records">The records.</param>
    /// <param name="next">The next slot.</param>
    public void Note(ReadOnlySpan<byte> records, long next)
    {
        if (!_sources.HasOrdered)
            return;
        var passed = _boundaries.BinarySearch(next);
        _boundaries.RemoveRange(0, passed < 0 ? ~passed : passed);
        while (!records.IsEmpty)
        {
            var sequence = IdentityRecord.Read(ref records).Sequence;
            if (sequence > next && _boundaries.BinarySearch(sequence) is var place and < 0)
                _boundaries.Insert(~place, sequence);
        }
    }

    /// <summary>Appends slots that lie together.</summary>
    /// <exception cref="Durability.Journal.JournalException">The disk failed, now or before.</exception>
    public void Append(in EventView slots)
    {
        var appended = 0;
        for (var index = 0; index < slots.Count && _sources.HasOrdered;)
        {
            var end = FindRuns(slots, index);
            if (end - index >= LeastSlots + (LeastSlotsPerRun * _runCount))
            {
                AppendSlots(slots, appended, index);
                _writer.AppendOrder(slots.Slice(index, end - index), _runs.AsSpan(0, _runCount));
                appended = end;
            }

            index = Math.Max(end, index + 1);
        }

        AppendSlots(slots, appended, slots.Count);
    }

    private void AppendSlots(in EventView slots, int from, int to)
    {
        if (from < to)
            _writer.AppendSlots(slots.Slice(from, to - from));
    }

    /// <summary>
    /// Finds the runs that begin with a slot. Returns the slot behind them: the same where there is none.
    /// </summary>
    private int FindRuns(in EventView slots, int from)
    {
        _runCount = 0;
        var most = Math.Min(slots.Count, from + OrderFormat.MostSlots);
        var boundary = BoundaryBehind(slots.FirstSequence + from);
        while (from < most && _runCount < _runs.Length && IsOrdered(slots.SlotAt(from)))
        {
            while (boundary < _boundaries.Count && _boundaries[boundary] <= slots.FirstSequence + from)
                boundary++;
            var limit = boundary < _boundaries.Count
                ? (int)Math.Min(most, _boundaries[boundary] - slots.FirstSequence)
                : most;
            var end = EndOfRun(slots, from, limit);
            var run = slots.Slice(from, end - from);
            _runs[_runCount++] = new OrderRun(
                slots.SlotAt(from).SourceId, Zero: 0, run.Count, OrderFormat.HashOf(run));
            from = end;
        }

        return from;
    }

    private int BoundaryBehind(long sequence)
    {
        var place = _boundaries.BinarySearch(sequence);
        return place < 0 ? ~place : place + 1;
    }

    private bool IsOrdered(in EventSlot slot) => slot.Kind == SlotKind.Event && _sources.IsOrdered(slot.SourceId);

    private static int EndOfRun(in EventView slots, int from, int limit)
    {
        var source = slots.SlotAt(from).SourceId;
        var end = from + 1;
        while (end < limit && slots.SlotAt(end) is { Kind: SlotKind.Event } next && next.SourceId == source)
            end++;
        return end;
    }
}
