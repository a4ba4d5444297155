using DisruptorStream.Events;

namespace DisruptorStream.State.Sessions.Spans;

/// <summary>Windows that differ from key to key, and go by the watermark of all.</summary>
/// <remarks>The watermark is followed event by event, as for sessions.</remarks>
internal sealed unsafe class SpanStore : KeyedWindowStore
{
    private readonly SpanWindows _windows;

    /// <param name="context">The shard.</param>
    /// <param name="rule">Says which windows an event is in.</param>
    /// <param name="usualTicks">How long a window lasts as a rule.</param>
    public SpanStore(StoreContext context, SpanRule rule, long usualTicks)
        : this(context, rule, new SessionTable(context, usualTicks, mayOverlap: !rule.IsTumbling))
    {
    }

    private SpanStore(StoreContext context, SpanRule rule, SessionTable sessions)
        : base(
            context,
            sessions,
            new SessionFiring(context, sessions),
            new SessionBatch(context, gathers: !context.OwnsAll || rule.MaxWindowsPerEvent > 1)) =>
        _windows = new SpanWindows(context, rule, Sessions, Firing, Batch);

    public override bool FollowsWatermark => true;

    protected override KeyedWindows Windows => _windows;

    public override void OnEvents(in EventView events, in EventRun run)
    {
        Firing.FinishGathering();
        var clock = new RunClock(run, Context);
        Batch.Begin(events);
        for (var i = 0; i < events.Count; i++)
        {
            ref readonly var slot = ref events.Slots[i];
            var time = clock.TimeOf(slot.TimestampTicks);
            if (Context.Owns(slot.KeyId))
                _windows.Add(events, i, time, clock.WatermarkTicks, run.SteadyTicks);
            Follow(ref clock, time, events, i);
        }

        Batch.Fold();
    }
}
