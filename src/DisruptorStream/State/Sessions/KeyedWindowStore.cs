using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State.Firing;

namespace DisruptorStream.State.Sessions;

/// <summary>
/// A store of windows that each key has for itself: what they have in common, whatever time they go by.
/// </summary>
internal abstract unsafe class KeyedWindowStore : WindowStateStore
{
    private const int Version = 1;
    private const int LeastBytesPerKey = 2 + (2 * sizeof(long));

    private readonly bool _hasTrigger;

    protected KeyedWindowStore(
        StoreContext context, SessionTable sessions, SessionFiring firing, SessionBatch batch)
    {
        Abort = context.Abort;
        Context = context;
        Sessions = sessions;
        Firing = firing;
        Batch = batch;
        _hasTrigger = context.Early is not null || context.Late is not null;
    }

    public override bool IsFiring => Firing.IsActive;

    public override long FiringSequence => Firing.Sequence;

    public override int BytesPerRecord => Sessions.RecordBytes;

    public override long BytesReserved => Sessions.BytesReserved;

    protected StoreContext Context { get; }

    protected SessionTable Sessions { get; }

    protected SessionFiring Firing { get; }

    protected SessionBatch Batch { get; }

    /// <summary>How events enter the windows.</summary>
    protected abstract KeyedWindows Windows { get; }

    public override void OnClock(long sequence, long clockTicks, long timeOfDayTicks, bool isStaged)
    {
        // When a trigger wants to be asked next is not known before all were asked.
        if (Firing.HasTick)
            FinishFiring();
        if (clockTicks >= Firing.NextDeadlineTicks)
            Firing.StartTick(new FiringStep(sequence, clockTicks, timeOfDayTicks, IsTick: true, isStaged));
    }

    /// <remarks>The watermark of all; where keys go by their own, it is overridden.</remarks>
    public override void OnWatermark(long sequence, long watermark)
    {
        if (watermark >= Sessions.Due.NextDueTicks)
            Firing.Start(sequence, watermark);
    }

    public override int Fire(int budget) => Firing.Run(budget);

    public override bool HoldsKey(int keyId) => Sessions.HoldsKey(keyId);

    public override void ForgetKey(int keyId) => Windows.Forget(keyId);

    /// <remarks>
    /// Saved as how many keys there are, and of each how far its id is from the one before, and its windows. What is
    /// due when is filed again.
    /// </remarks>
    public override void Save(StateWriter writer, ReadOnlySpan<WindowStateStore> shards)
    {
        var stores = AtRest<KeyedWindowStore>(shards);
        SaveBefore(writer, stores);
        var (range, count) = (0, 0);
        foreach (var store in stores)
        {
            store.Sessions.AssertInvariants();
            range = Math.Max(range, store.Sessions.NewestCount);
            for (var keyId = 0; keyId < store.Sessions.NewestCount; keyId++)
                count += store.HoldsKey(keyId) ? 1 : 0;
        }

        writer.Begin(SectionTag.Sessions, Version);
        writer.WriteCount(count);
        var next = 0;
        for (var keyId = 0; keyId < range; keyId++)
        {
            var sessions = stores[keyId & (stores.Length - 1)].Sessions;
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
        var stores = AtRest<KeyedWindowStore>(shards);
        LoadBefore(reader, stores);
        reader.Begin(SectionTag.Sessions, Version);
        var next = 0L;
        for (var left = reader.ReadCount(LeastBytesPerKey, "keys"); left > 0; left--)
        {
            next += reader.ReadNumber(reader.KeyRange - 1 - next, "the distance to a key");
            var store = stores[(int)next & (stores.Length - 1)];
            store.Sessions.Load(reader, (int)next, store.Windows);
            next++;
        }

        reader.End();
        foreach (var store in stores)
        {
            // When triggers want to be asked is not saved: the next tick asks.
            if (store._hasTrigger)
                store.Firing.AskAtNextTick();
            store.Sessions.AssertInvariants();
        }
    }

    public override void ThrowIfInconsistent() => Sessions.ThrowIfInconsistent();

    public override void Dispose()
    {
        Sessions.Dispose();
        Firing.Dispose();
        Batch.Dispose();
    }

    /// <summary>
    /// Takes an event into account that has been entered: what is due at the watermark that it moves fires at this very
    /// event.
    /// </summary>
    /// <param name="clock">The watermark inside the run.</param>
    /// <param name="time">The event's.</param>
    /// <param name="events">The events.</param>
    /// <param name="index">Which of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected void Follow(ref RunClock clock, long time, in EventView events, int index)
    {
        if (!clock.Advance(time) || clock.WatermarkTicks < Sessions.Due.NextDueTicks)
            return;
        Firing.Start(events.CauseOf(index), clock.WatermarkTicks);
        Firing.FinishGathering();
        if (Firing.IsActive)
            Batch.Fold();
    }

    /// <summary>Writes what the windows of keys depend on.</summary>
    protected virtual void SaveBefore(StateWriter writer, KeyedWindowStore[] stores) =>
        Windows.Save(writer, Array.ConvertAll(stores, store => store.Windows));

    /// <exception cref="StateException">It cannot have been saved.</exception>
    protected virtual void LoadBefore(StateReader reader, KeyedWindowStore[] stores) =>
        Windows.Load(reader, Array.ConvertAll(stores, store => store.Windows));
}
