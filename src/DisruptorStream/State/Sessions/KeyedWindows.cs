using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Sessions;

/// <summary>How events enter the windows that each key has for itself.</summary>
internal abstract unsafe class KeyedWindows
{
    private readonly bool _hasTrigger;

    /// <param name="context">The shard.</param>
    /// <param name="sessions">The windows that are open.</param>
    /// <param name="firing">What of them is due.</param>
    /// <param name="batch">What has still to be folded in.</param>
    protected KeyedWindows(
        StoreContext context, SessionTable sessions, SessionFiring firing, SessionBatch batch)
    {
        Context = context;
        Sessions = sessions;
        Firing = firing;
        Batch = batch;
        _hasTrigger = context.Early is not null || context.Late is not null;
    }

    protected StoreContext Context { get; }

    protected SessionTable Sessions { get; }

    protected SessionFiring Firing { get; }

    protected SessionBatch Batch { get; }

    /// <summary>Finds the windows of an event, and notes it in each that has not expired.</summary>
    /// <param name="events">The events.</param>
    /// <param name="index">Which of them.</param>
    /// <param name="time">The time that windows go by.</param>
    /// <param name="watermark">The watermark before the event.</param>
    /// <param name="clockTicks">The steady time.</param>
    public abstract void Add(in EventView events, int index, long time, long watermark, long clockTicks);

    /// <summary>Whether a key that a window was saved of may have it.</summary>
    public virtual bool MayHave(int keyId, in TimeWindow window) => true;

    /// <summary>A new key may take the id.</summary>
    public virtual void Forget(int keyId)
    {
    }

    /// <summary>Writes what the windows of keys depend on, for all shards, of which this is the first.</summary>
    public virtual void Save(StateWriter writer, KeyedWindows[] shards)
    {
    }

    /// <summary>Takes over what was saved, for all shards, of which this is the first.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public virtual void Load(StateReader reader, KeyedWindows[] shards)
    {
    }

    /// <summary>Notes an event in a window, and asks the trigger.</summary>
    protected void Enter(in EventView events, int index, int at, long clockTicks)
    {
        var session = Sessions.At(at);
        Batch.Add(index, SessionTable.PaneOf(session) + Sessions.Panes.CurrentOffset);
        if (_hasTrigger)
            Trigger(events, index, at, clockTicks);
        else
            SessionTable.StateOf(session)->AddPending();
    }

    /// <summary>Opens a window, which is complete where the watermark has passed its end.</summary>
    protected int Open(int keyId, long startTicks, long endTicks, long watermark)
    {
        var opened = Sessions.Open(keyId, startTicks, endTicks);
        SessionTable.Set(Sessions.At(opened), PaneMarks.Completed, endTicks <= watermark);
        Sessions.File(opened);
        return opened;
    }

    protected void Drop(in EventView events, int index, DropReason reason)
    {
        Context.Counters.Drop(reason);
        if (Context.RouteDropped)
            Context.Output.StageDropped(events.Slice(index, 1), reason, Context.MeasureCount);
    }

    private void Trigger(in EventView events, int index, int at, long clockTicks)
    {
        ref readonly var slot = ref events.Slots[index];
        var session = Sessions.At(at);
        var pane = SessionTable.PaneOf(session);
        var isLate = SessionTable.Has(session, PaneMarks.Completed);
        var span = new TimeWindow(session->StartTicks, session->EndTicks);
        var seen = new TriggerContext(slot.TimestampTicks, slot.Measure, clockTicks, span);
        if (!Sessions.Panes.OnEvent(pane, seen, isLate))
        {
            Firing.NoteDeadline(pane, isLate);
            return;
        }

        Batch.Fold();
        var timing = isLate ? PaneTiming.Late : PaneTiming.Early;
        Sessions.Emit(at, events.CauseOf(index), timing, ResultFlags.None, staged: true);
    }
}
