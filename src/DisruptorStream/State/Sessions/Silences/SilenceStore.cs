using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.State.Sessions.Silences;

/// <summary>
/// Silences of keys: where no event of a key comes for some time, a pane says so, and another one when it is over.
/// </summary>
/// <remarks>
/// The watermark is followed event by event, as for sessions. At the end of the input it is known how things went up to
/// the newest event of the query, and no further.
/// </remarks>
internal sealed class SilenceStore : KeyedWindowStore
{
    private const int Version = 1;

    private readonly SilenceFiring _firing;
    private readonly SilenceRuns _runs;
    private long _newestTicks = long.MinValue;

    public SilenceStore(StoreContext context, SilenceWindows windows)
        : this(context, windows, new SessionTable(context, windows.AfterTicks, mayOverlap: true))
    {
    }

    private SilenceStore(StoreContext context, SilenceWindows windows, SessionTable sessions)
        : this(context, windows, sessions, new SilenceFiring(context, sessions, windows))
    {
    }

    private SilenceStore(StoreContext context, SilenceWindows windows, SessionTable sessions, SilenceFiring firing)
        : base(context, sessions, firing, new SessionBatch(context, !context.OwnsAll))
    {
        _firing = firing;
        _runs = new SilenceRuns(context, windows.AfterTicks, sessions, firing, Batch);
    }

    public override bool FollowsWatermark => true;

    protected override KeyedWindows Windows => _runs;

    public override unsafe void OnEvents(in EventView events, in EventRun run)
    {
        Firing.FinishGathering();
        var clock = new RunClock(run, Context);
        Batch.Begin(events);
        for (var i = 0; i < events.Count; i++)
        {
            ref readonly var slot = ref events.Slots[i];
            var time = clock.TimeOf(slot.TimestampTicks);

            // Those that are not the query's are below 0; those of other shards count.
            if (slot.KeyId >= 0)
                _newestTicks = Math.Max(_newestTicks, time);
            if (Context.Owns(slot.KeyId))
                _runs.Add(events, i, time, clock.WatermarkTicks, run.SteadyTicks);
            Follow(ref clock, time, events, i);
        }

        Batch.Fold();
    }

    public override void OnWatermark(long sequence, long watermark)
    {
        if (watermark == long.MaxValue && _newestTicks >= Sessions.Due.NextDueTicks)
            Firing.Start(sequence, _newestTicks);
        base.OnWatermark(sequence, watermark);
    }

    public override void Load(StateReader reader, ReadOnlySpan<WindowStateStore> shards)
    {
        base.Load(reader, shards);
        foreach (var store in AtRest<SilenceStore>(shards))
        {
            for (var keyId = 0; keyId < store.Sessions.NewestCount; keyId++)
            {
                if (!store._firing.IsInOrder(keyId))
                    throw reader.Invalid($"runs of key {keyId} overlap, or the silence is not before them");
            }
        }
    }

    public override void ThrowIfInconsistent()
    {
        base.ThrowIfInconsistent();
        for (var keyId = 0; keyId < Sessions.NewestCount; keyId++)
            Invariant.Require(_firing.IsInOrder(keyId), "Runs do not overlap, and the silence is before them.");
    }

    protected override void SaveBefore(StateWriter writer, KeyedWindowStore[] stores)
    {
        base.SaveBefore(writer, stores);
        writer.Begin(SectionTag.Silences, Version);
        writer.WriteInt64(_newestTicks);
        writer.End();
    }

    protected override void LoadBefore(StateReader reader, KeyedWindowStore[] stores)
    {
        base.LoadBefore(reader, stores);
        reader.Begin(SectionTag.Silences, Version);
        var newestTicks = reader.ReadInt64();
        reader.End();
        foreach (var store in stores)
            ((SilenceStore)store)._newestTicks = newestTicks;
    }
}
