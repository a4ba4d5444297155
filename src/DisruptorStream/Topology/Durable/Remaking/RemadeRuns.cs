using DisruptorStream.Events;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Saving;
using DisruptorStream.Sources;

namespace DisruptorStream.Topology.Durable.Remaking;

/// <summary>Puts slots that were made again in the places that a journal keeps for them.</summary>
/// <remarks>
/// One caller at a time. A run is made as a whole, and compared, before the first of its slots is handled.
/// </remarks>
internal sealed class RemadeRuns : IDisposable
{
    private readonly SlotRemaker _remaker;
    private readonly SideLogReplayer _identities;
    private readonly EventRoom _room;
    private long _first = -1;
    private int _count;

    /// <param name="remaker">Makes slots again.</param>
    /// <param name="identities">What numbers in slots stand for, as of the next slot.</param>
    /// <param name="furtherWords">The words beside each slot.</param>
    public RemadeRuns(SlotRemaker remaker, SideLogReplayer identities, int furtherWords)
    {
        _remaker = remaker;
        _identities = identities;
        _room = new EventRoom(furtherWords);
    }

    /// <summary>The first of some slots, as many as can be handled at once: all before them have been.</summary>
    /// <param name="slots">What was read of the journal, at least one slot.</param>
    /// <returns>Real slots, good until the next call.</returns>
    /// <exception cref="StateException">Their events are not to be had, or are others.</exception>
    public EventView Next(in EventView slots)
    {
        if (slots.SlotAt(0).Kind != SlotKind.Sourced)
            return slots.Slice(0, CountReal(slots));
        var done = slots.FirstSequence - _first;
        if (done < 0 || done >= _count)
        {
            Make(slots);
            done = 0;
        }

        return View.Slice((int)done, (int)Math.Min(_count - done, slots.Count));
    }

    public void Dispose() => _remaker.Dispose();

    private EventView View => _room.Of(_first, _count);

    private static int CountReal(in EventView slots)
    {
        var count = 1;
        while (count < slots.Count && slots.SlotAt(count).Kind != SlotKind.Sourced)
            count++;
        return count;
    }

    private void Make(in EventView slots)
    {
        ref readonly var head = ref slots.SlotAt(0);
        var (first, count) = (slots.FirstSequence, head.KeyId);
        _count = 0;
        if (count < 1)
        {
            throw new StateException(
                $"Slot {first} is in the middle of events of a source that are kept as their order alone; restore the "
                + "snapshots from a copy.");
        }

        var sources = _identities.Sources;
        sources.Positions.MoveTo(first);
        if (sources.NameOf(head.SourceId) is not { } name
            || sources.Positions.Of(head.SourceId) is not var (position, since))
        {
            throw new StateException(
                $"Slot {first} is an event of source {head.SourceId}, of which no name or no position is known; "
                + "restore the journal from a copy.");
        }

        (_first, _count) = (first, count);
        try
        {
            _remaker.Make(
                new RunPlace(name, head.SourceId, new SourcePosition(position), since, (ulong)head.Measure), View);
        }
        catch
        {
            _count = 0;
            throw;
        }
    }
}
