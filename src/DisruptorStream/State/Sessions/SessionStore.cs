using DisruptorStream.Events;

namespace DisruptorStream.State.Sessions;

/// <summary>
/// Session windows: an event opens [t, t + gap) and merges with every live session of its key that overlaps it.
/// </summary>
/// <remarks>
/// The watermark is followed event by event, so that a session fires at the very event that completes it and lateness
/// is judged on the merged session, whatever the batching and the number of shards.
/// </remarks>
internal sealed unsafe class SessionStore : KeyedWindowStore
{
    private readonly GapSessions _windows;
    private readonly InOrderSessions? _inOrder;

    public SessionStore(StoreContext context, long gapTicks)
        : this(context, gapTicks, new SessionTable(context, gapTicks))
    {
    }

    private SessionStore(StoreContext context, long gapTicks, SessionTable sessions)
        : base(context, sessions, new SessionFiring(context, sessions), new SessionBatch(context, !context.OwnsAll))
    {
        _windows = new GapSessions(context, gapTicks, Sessions, Firing, Batch);
        if (context.Early is null && context.OwnsAll && !context.ProcessingTime)
            _inOrder = new InOrderSessions(context, gapTicks, Sessions, Firing, Batch);
    }

    public override bool FollowsWatermark => true;

    protected override KeyedWindows Windows => _windows;

    public override void OnEvents(in EventView events, in EventRun run)
    {
        Firing.FinishGathering();
        var clock = new RunClock(run, Context);
        Batch.Begin(events);
        for (var i = 0; i < events.Count; i++)
        {
            if (_inOrder is not null && (i += _inOrder.Take(events, i, ref clock)) == events.Count)
                break;
            ref readonly var slot = ref events.Slots[i];
            var time = clock.TimeOf(slot.TimestampTicks);
            if (Context.Owns(slot.KeyId))
                _windows.Add(events, i, time, clock.WatermarkTicks, run.SteadyTicks);
            Follow(ref clock, time, events, i);
        }

        Batch.Fold();
    }
}
