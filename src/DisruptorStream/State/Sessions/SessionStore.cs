using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State.Firing;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Sessions;

/// <summary>
/// Session windows: an event opens [t, t + gap) and merges with every live session of its key that overlaps it.
/// </summary>
/// <remarks>
/// The watermark is followed event by event, so that a session fires at the very event that completes it and lateness
/// is judged on the merged session, whatever the batching and the number of shards.
/// </remarks>
internal sealed unsafe class SessionStore : WindowStateStore
{
    private const int Version = 1;
    private const int LeastBytesPerKey = 2 + (2 * sizeof(long));

    private readonly StoreContext _context;
    private readonly SessionTable _sessions;
    private readonly SessionFiring _firing;
    private readonly SessionBatch _batch;
    private readonly InOrderSessions? _inOrder;
    private readonly long _gapTicks;
    private readonly bool _hasTrigger;
    private int[] _overlapping = new int[16];

    public SessionStore(StoreContext context, long gapTicks)
    {
        Abort = context.Abort;
        _context = context;
        _gapTicks = gapTicks;
        _hasTrigger = context.Early is not null || context.Late is not null;
        _sessions = new SessionTable(context, gapTicks);
        _firing = new SessionFiring(context, _sessions);
        _batch = new SessionBatch(context);
        if (context.Early is null && context.OwnsAll && !context.ProcessingTime)
            _inOrder = new InOrderSessions(context, gapTicks, _sessions, _firing, _batch);
    }

    public override bool FollowsWatermark => true;

    public override bool IsFiring => _firing.IsActive;

    public override long FiringSequence => _firing.Sequence;

    public override int BytesPerRecord => _sessions.RecordBytes;

    public override long BytesReserved => _sessions.BytesReserved;

    public override void OnEvents(in EventView events, in EventRun run)
    {
        _firing.FinishGathering();
        var clock = new RunClock(run, _context);
        _batch.Begin(events);
        for (var i = 0; i < events.Count; i++)
        {
            if (_inOrder is not null && (i += _inOrder.Take(events, i, ref clock)) == events.Count)
                break;
            ref readonly var slot = ref events.Slots[i];
            var time = clock.TimeOf(slot.TimestampTicks);
            if (_context.Owns(slot.KeyId))
                Add(events, i, time, clock.WatermarkTicks, run.SteadyTicks);
            if (!clock.Advance(time) || clock.WatermarkTicks < _sessions.Due.NextDueTicks)
                continue;
            _firing.Start(events.CauseOf(i), clock.WatermarkTicks);
            _firing.FinishGathering();
            if (_firing.IsActive)
                _batch.Fold();
        }

        _batch.Fold();
    }

    public override void OnWatermark(long sequence, long watermark)
    {
        if (watermark >= _sessions.Due.NextDueTicks)
            _firing.Start(sequence, watermark);
    }

    public override void OnClock(long sequence, long clockTicks, long timeOfDayTicks, bool isStaged)
    {
        // When a trigger wants to be asked next is not known before all were asked.
        if (_firing.HasTick)
            FinishFiring();
        if (clockTicks >= _firing.NextDeadlineTicks)
            _firing.StartTick(new FiringStep(sequence, clockTicks, timeOfDayTicks, IsTick: true, isStaged));
    }

    public override int Fire(int budget) => _firing.Run(budget);

    public override bool HoldsKey(int keyId) => _sessions.HoldsKey(keyId);

    /// <remarks>
    /// Saved as how many keys there are, and of each how far its id is from the one before, and its sessions. What is
    /// due when is filed again.
    /// </remarks>
    public override void Save(StateWriter writer, ReadOnlySpan<WindowStateStore> shards)
    {
        var stores = AtRest<SessionStore>(shards);
        var (range, count) = (0, 0);
        foreach (var store in stores)
        {
            store._sessions.AssertInvariants();
            range = Math.Max(range, store._sessions.NewestCount);
            for (var keyId = 0; keyId < store._sessions.NewestCount; keyId++)
                count += store.HoldsKey(keyId) ? 1 : 0;
        }

        writer.Begin(SectionTag.Sessions, Version);
        writer.WriteCount(count);
        var next = 0;
        for (var keyId = 0; keyId < range; keyId++)
        {
            var sessions = stores[keyId & (stores.Length - 1)]._sessions;
            if (!sessions.HoldsKey(keyId))
                continue;
            writer.WriteCount(keyId - next);
            sessions.Save(writer, keyId);
            next = keyId + 1;
        }

        writer.End();
    }

    public override void Load(StateReader reader, ReadOnlySpan<WindowStateStore> shards)
    {
        var stores = AtRest<SessionStore>(shards);
        reader.Begin(SectionTag.Sessions, Version);
        var next = 0L;
        for (var left = reader.ReadCount(LeastBytesPerKey, "keys"); left > 0; left--)
        {
            next += reader.ReadNumber(reader.KeyRange - 1 - next, "the distance to a key");
            stores[(int)next & (stores.Length - 1)]._sessions.Load(reader, (int)next);
            next++;
        }

        reader.End();
        foreach (var store in stores)
        {
            // When triggers want to be asked is not saved: the next tick asks.
            if (store._hasTrigger)
                store._firing.AskAtNextTick();
            store._sessions.AssertInvariants();
        }
    }

    public override void ThrowIfInconsistent() => _sessions.ThrowIfInconsistent();

    public override void Dispose()
    {
        _sessions.Dispose();
        _firing.Dispose();
        _batch.Dispose();
    }

    private void Add(in EventView events, int index, long time, long watermark, long clockTicks)
    {
        var keyId = events.Slots[index].KeyId;
        var head = _sessions.HeadOf(keyId);
        if (head < 0 || !TryExtend(_sessions.At(head), time))
        {
            head = Place(events, index, time, watermark);
            if (head < 0)
                return;
        }

        var session = _sessions.At(head);
        var pane = SessionTable.PaneOf(session);
        _batch.Add(index, pane + _sessions.Panes.CurrentOffset);
        if (!_hasTrigger)
        {
            SessionTable.StateOf(session)->AddPending();
            return;
        }

        Trigger(events, index, head, clockTicks);
    }

    /// <summary>
    /// The common case: the key has one session, which has not fired, and the event lies in it or touches its rim.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryExtend(Session* session, long time)
    {
        var end = time + _gapTicks;
        if (session->Next >= 0 || time >= session->EndTicks || end <= session->StartTicks
            || (SessionTable.StateOf(session)->Marks & (PaneMarks.Completed | PaneMarks.Due)) != PaneMarks.None)
        {
            return false;
        }

        session->StartTicks = Math.Min(session->StartTicks, time);
        session->EndTicks = Math.Max(session->EndTicks, end);
        return true;
    }

    /// <summary>Finds, merges or opens the session of an event. Returns -1 when the event is dropped.</summary>
    private int Place(in EventView events, int index, long time, long watermark)
    {
        // A key may have as many sessions as its limit says, and all of them are looked at.
        Abort.ThrowIfCancellationRequested();
        var keyId = events.Slots[index].KeyId;
        if (_sessions.HeadOf(keyId) >= 0)
        {
            FinishFiring();
            _batch.Fold();
        }

        var end = time + _gapTicks;
        var count = FindOverlapping(keyId, time, end);
        if (count > 0)
            return Merge(count, time, end, watermark);

        if (watermark >= TickMath.SaturatingAdd(end, _context.AllowedLatenessTicks))
        {
            _context.Counters.LateDroppedAssignments++;
            return Drop(events, index, DropReason.Late);
        }

        if (_sessions.CountOf(keyId) >= _context.MaxWindowsPerKey)
        {
            if (_context.WindowOverflow == WindowOverflowPolicy.RejectEvent)
            {
                _context.Counters.WindowLimitDroppedAssignments++;
                return Drop(events, index, DropReason.WindowLimit);
            }

            _firing.EvictOldest(keyId, events.CauseOf(index));
        }

        var opened = _sessions.Open(keyId, time, end);
        SessionTable.Set(_sessions.At(opened), PaneMarks.Completed, end <= watermark);
        _sessions.File(opened);
        return opened;
    }

    private int FindOverlapping(int keyId, long start, long end)
    {
        var count = 0;
        for (var at = _sessions.HeadOf(keyId); at >= 0; at = _sessions.At(at)->Next)
        {
            var session = _sessions.At(at);
            if (session->StartTicks >= end || start >= session->EndTicks)
                continue;
            if (count == _overlapping.Length)
                Array.Resize(ref _overlapping, count * 2);
            var place = count++;
            for (; place > 0 && _sessions.At(_overlapping[place - 1])->StartTicks > session->StartTicks; place--)
                _overlapping[place] = _overlapping[place - 1];
            _overlapping[place] = at;
        }

        return count;
    }

    /// <summary>
    /// Folds all overlapping sessions, in order of time, into the first and stretches it over the event.
    /// </summary>
    private int Merge(int count, long start, long end, long watermark)
    {
        var into = _overlapping[0];
        var session = _sessions.At(into);
        session->StartTicks = Math.Min(session->StartTicks, start);
        session->EndTicks = Math.Max(session->EndTicks, end);
        for (var i = 1; i < count; i++)
        {
            session->EndTicks = Math.Max(session->EndTicks, _sessions.At(_overlapping[i])->EndTicks);
            _sessions.Merge(into, _overlapping[i]);
        }

        SessionTable.Set(session, PaneMarks.Completed, session->EndTicks <= watermark);
        _sessions.File(into);
        return into;
    }

    private void Trigger(in EventView events, int index, int sessionIndex, long clockTicks)
    {
        ref readonly var slot = ref events.Slots[index];
        var session = _sessions.At(sessionIndex);
        var pane = SessionTable.PaneOf(session);
        var isLate = SessionTable.Has(session, PaneMarks.Completed);
        var span = new TimeWindow(session->StartTicks, session->EndTicks);
        var seen = new TriggerContext(slot.TimestampTicks, slot.Measure, clockTicks, span);
        if (!_sessions.Panes.OnEvent(pane, seen, isLate))
        {
            _firing.NoteDeadline(pane, isLate);
            return;
        }

        _batch.Fold();
        var timing = isLate ? PaneTiming.Late : PaneTiming.Early;
        _sessions.Emit(sessionIndex, events.CauseOf(index), timing, ResultFlags.None, staged: true);
    }

    private int Drop(in EventView events, int index, DropReason reason)
    {
        _context.Counters.Drop(reason);
        if (_context.RouteDropped)
            _context.Output.StageDropped(events.Slice(index, 1), reason, _context.MeasureCount);
        return -1;
    }
}
