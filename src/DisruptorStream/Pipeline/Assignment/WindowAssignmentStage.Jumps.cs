using System.Diagnostics;
using System.Runtime.InteropServices;
using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Jumps;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment;

/// <content>Holds what is far ahead of its source, and releases or refuses it.</content>
internal abstract unsafe partial class WindowAssignmentStage
{
    /// <summary>Copies of events that runs name; read by all shards.</summary>
    public EventCopies Copies { get; }

    /// <summary>The events that are held now.</summary>
    public int HeldCount => (_guard ?? _left)?.HeldCount ?? 0;

    /// <summary>Whether there is a guard against jumps.</summary>
    public bool IsGuarded => _guard is not null;

    /// <summary>
    /// The watermark of the stream, which the guard goes by: the same for all queries, so that they decide alike.
    /// </summary>
    private long GuardedTicks => _hasKeyTime ? _tracker.WatermarkTicks : WatermarkTicks;

    /// <summary>Whether windows can hold an event of this time.</summary>
    protected abstract bool IsInRange(long time);

    /// <remarks>What is known of the events in a block says nothing here: some of them may be held.</remarks>
    private int TakeGuarded(JumpGuard guard, in EventView view, ushort source)
    {
        var time = view.Slots->TimestampTicks;
        if (!IsInRange(time))
            return TakeRun(view, source, TimestampRange.Unknown, long.MaxValue);
        var newest = _tracker.MaxTimestampOf(source);
        var last = guard.LastOrdinary(newest, GuardedTicks);
        if (time > last)
        {
            Hold(guard, view, source);
            return 1;
        }

        if (guard.Holds(source))
        {
            // The next one that is above it decides on what is held.
            if (time > newest)
                RefuseHeld(guard, source, view.FirstSequence);
            else
                last = newest;
        }

        var count = TakeMeasured(view, source, TimestampRange.Unknown, TickMath.SaturatingAdd(last, 1));
        guard.Note(source, view, count);
        return count;
    }

    /// <summary>As an event, though some queries refuse it. Where it has no key it confirms nothing.</summary>
    private void TakeGuardedPartial(in EventView view, ushort source)
    {
        if (_guard is not { } guard || _ended)
        {
            TakePartial(view, source);
            return;
        }

        var time = view.Slots->TimestampTicks;
        var newest = _tracker.MaxTimestampOf(source);
        if (time > guard.LastOrdinary(newest, GuardedTicks))
        {
            Hold(guard, view, source);
            return;
        }

        if (guard.Holds(source) && time > newest)
            RefuseHeld(guard, source, view.FirstSequence);
        TakePartial(view, source);
        guard.Note(source, view, count: 1);
    }

    /// <summary>
    /// Whether the time of an event that a filter took out moves anything. Without a key it confirms nothing, but its
    /// source goes on with it.
    /// </summary>
    private bool IsOrdinary(JumpGuard guard, in EventSlot slot, long sequence)
    {
        var newest = _tracker.MaxTimestampOf(slot.SourceId);
        if (slot.TimestampTicks > guard.LastOrdinary(newest, GuardedTicks))
            return false;
        if (slot.TimestampTicks > newest)
            RefuseHeld(guard, slot.SourceId, sequence);
        return true;
    }

    private void Hold(JumpGuard guard, in EventView view, int source)
    {
        var sequence = view.FirstSequence;
        CountHeld(view, by: 1);
        NoteJump(view, source);
        var oldest = guard.Hold(source, view);
        if (oldest.Copy != 0)
            RefuseCopy(oldest.Copy, sequence);
        AddPlain(RunKind.Pass, sequence);
        while (guard.IsConfirmed(source))
            Release(guard, source, sequence);
    }

    /// <summary>For those who are told of it; the first events of a source are ahead of nothing.</summary>
    private void NoteJump(in EventView view, int source)
    {
        var newest = _tracker.MaxTimestampOf(source);
        if (newest == long.MinValue)
            return;
        var time = view.Slots->TimestampTicks;
        Counters.NoteJump(new JumpedSlot(source, view.FirstSequence, TickMath.SaturatingSubtract(time, newest)));
    }

    /// <summary>Time has jumped: the lowest of the held times is where the source is now.</summary>
    private void Release(JumpGuard guard, int source, long sequence)
    {
        var all = guard.Take(source);
        var lowest = long.MaxValue;
        foreach (var held in all)
            lowest = Math.Min(lowest, held.TimestampTicks);
        foreach (var held in all)
        {
            var newest = Math.Max(lowest, _tracker.MaxTimestampOf(source));
            if (held.TimestampTicks > guard.LastOrdinary(newest, GuardedTicks))
                guard.GiveBack(source, held);
            else
                ReleaseCopy(held.Copy, (ushort)source, sequence);
        }
    }

    /// <summary>The input ends at a slot: nothing can decide on what is held any more.</summary>
    /// <param name="guard">What is held.</param>
    /// <param name="ending">The last source, whose events those of sources that have left count as.</param>
    /// <param name="sequence">The slot.</param>
    private void ReleaseAll(JumpGuard guard, ushort ending, long sequence)
    {
        foreach (var (source, held) in guard.TakeAll())
            ReleaseCopy(held.Copy, source == JumpGuard.NoSource ? ending : (ushort)source, sequence);
    }

    /// <summary>A loaded state held events, and there is no guard that could decide on them.</summary>
    private void ReleaseLeft(long sequence)
    {
        if (_left is not { } left)
            return;
        _left = null;
        foreach (var (source, held) in left.TakeAll())
        {
            if (source == JumpGuard.NoSource || _ended)
                RefuseCopy(held.Copy, sequence);
            else
                ReleaseCopy(held.Copy, (ushort)source, sequence);
        }
    }

    private void ReleaseCopy(int copy, ushort source, long sequence)
    {
        var own = Copies.View(copy, sequence);

        // It was counted when it came.
        CountHeld(own, by: -1);
        var view = new EventView(own.Slots, own.FurtherMeasures, own.FurtherMeasureCount, sequence, count: 1);
        _copy = copy;
        if (own.Slots->Kind == SlotKind.Partial)
        {
            TakePartial(view, source);
        }
        else
        {
            var taken = TakeRun(view, source, TimestampRange.Unknown, long.MaxValue);
            Debug.Assert(taken == 1, "A copy is one event.");
        }

        _copy = 0;
    }

    /// <summary>How many slots hold an event of the query; of a copy whether it is one.</summary>
    private int CountKept(long sequence, int count)
    {
        if (Selection is not { } selection)
            return count;
        return _copy == 0
            ? selection.CountKept(sequence, count)
            : selection.Keeps(Copies.View(_copy, cause: sequence)) ? 1 : 0;
    }

    private DropReason ReasonOf(QuerySelection selection, long sequence) => _copy == 0
        ? selection.ReasonAt(sequence)
        : selection.ReasonOf(Copies.View(_copy, cause: sequence));

    /// <summary>Counts an event that is held as one that was handled, for the query.</summary>
    private void CountHeld(in EventView one, int by)
    {
        if (Selection is null || Selection.Keeps(one))
            Counters.EventsProcessed += by;
        else if (!Selection.TakesNothing)
            Counters.EventsFiltered += by;
    }

    /// <summary>The source has gone on without what is held of it.</summary>
    private void RefuseHeld(JumpGuard guard, int source, long sequence) => RefuseAll(guard.Take(source), sequence);

    private void RefuseAll(ReadOnlySpan<HeldEvent> refused, long sequence)
    {
        foreach (var held in refused)
            RefuseCopy(held.Copy, sequence);
    }

    private void RefuseCopy(int copy, long sequence)
    {
        var run = RunOf(sequence);
        run.Copy = copy;
        Counters.RefuseForTime(DropReason.TimestampJump);
        if (Selection is null || Selection.Keeps(Copies.View(copy, sequence)))
            Drop(ref run, DropReason.TimestampJump, run.Count);
        else
            run.Kind = RunKind.Pass;
        Runs.Add(run);
    }

    /// <summary>What a slot about sources means for what is held, before it is done.</summary>
    private void GuardSource(JumpGuard guard, in EventSlot slot, long sequence)
    {
        var isEnd = slot.Kind == SlotKind.SourceCompleted
            || (slot.Kind == SlotKind.SourceWatermark && slot.TimestampTicks == long.MaxValue);
        if (slot.Kind == SlotKind.EndOfInput
            || ((isEnd || slot.Kind == SlotKind.SourceRemoved) && _tracker.IsLastOpen(slot.SourceId, isEnd)))
        {
            ReleaseAll(guard, slot.SourceId, sequence);
        }

        if (slot.Kind != SlotKind.SourceRemoved)
            return;
        var refused = new List<HeldEvent>();
        guard.Remove(slot.SourceId, refused);
        RefuseAll(CollectionsMarshal.AsSpan(refused), sequence);
    }
}
