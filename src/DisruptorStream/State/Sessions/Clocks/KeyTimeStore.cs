using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State.Sessions.Spans;

namespace DisruptorStream.State.Sessions.Clocks;

/// <summary>
/// Windows, or sessions, where each key goes by a time of its own: its own events move it, and where it has none for
/// some time, the quiet clock.
/// </summary>
/// <remarks>
/// What an event makes due is emitted at the event. What the quiet clock makes due is found by a wheel of keys, and
/// emitted a part at a time.
/// </remarks>
internal sealed unsafe class KeyTimeStore : KeyedWindowStore
{
    private readonly KeyClocks _clocks;
    private readonly KeyTimeFiring _firing;
    private readonly KeyedWindows _windows;

    private KeyTimeStore(
        StoreContext context,
        SessionTable sessions,
        KeyClocks clocks,
        KeyTimeFiring firing,
        SessionBatch batch,
        KeyedWindows windows)
        : base(context, sessions, firing, batch)
    {
        _clocks = clocks;
        _firing = firing;
        _windows = windows;
    }

    public override long BytesReserved => base.BytesReserved + _clocks.BytesReserved;

    protected override KeyedWindows Windows => _windows;

    /// <summary>A store of sessions.</summary>
    public static KeyTimeStore OfSessions(StoreContext context, KeyTimeRules rules, long gapTicks)
    {
        var clocks = new KeyClocks(rules);
        var sessions = new SessionTable(context, gapTicks, clocks);
        var firing = new KeyTimeFiring(context, sessions, clocks);
        var batch = new SessionBatch(context, gathers: false);
        return new KeyTimeStore(
            context, sessions, clocks, firing, batch, new GapSessions(context, gapTicks, sessions, firing, batch));
    }

    /// <summary>A store of windows that do not depend on the events in them.</summary>
    /// <param name="context">The shard.</param>
    /// <param name="rules">How the time of each key goes on.</param>
    /// <param name="rule">Says which windows an event is in.</param>
    public static KeyTimeStore OfSpans(StoreContext context, KeyTimeRules rules, SpanRule rule)
    {
        var clocks = new KeyClocks(rules);
        var sessions = new SessionTable(context, gapTicks: 0, clocks, mayOverlap: !rule.IsTumbling);
        var firing = new KeyTimeFiring(context, sessions, clocks);
        var batch = new SessionBatch(context, gathers: rule.MaxWindowsPerEvent > 1);
        return new KeyTimeStore(
            context, sessions, clocks, firing, batch, new SpanWindows(context, rule, sessions, firing, batch));
    }

    public override void OnEvents(in EventView events, in EventRun run)
    {
        Firing.FinishGathering();
        Batch.Begin(events);
        for (var i = 0; i < events.Count; i++)
        {
            ref readonly var slot = ref events.Slots[i];
            var clock = _clocks.Of(slot.KeyId);
            if (clock->ActiveTicks != _clocks.NowTicks)
                OnActivity(clock, slot.KeyId);
            _windows.Add(events, i, slot.TimestampTicks, clock->WatermarkTicks, run.SteadyTicks);
            clock->WatermarkTicks = Math.Max(
                clock->WatermarkTicks, _clocks.Rules.WatermarkAt(slot.TimestampTicks));
            if (clock->WatermarkTicks < clock->DueTicks)
                continue;
            Batch.Fold();
            _firing.FireKey(slot.KeyId, clock, events.CauseOf(i));
        }

        Batch.Fold();
    }

    public override void OnWatermark(long sequence, long watermark)
    {
        // No other watermark is any key's.
        if (watermark == long.MaxValue)
            Firing.Start(sequence, watermark);
    }

    public override void OnClock(long sequence, long clockTicks, long timeOfDayTicks, bool isStaged) =>
        base.OnClock(sequence, clockTicks, timeOfDayTicks, isStaged || _clocks.GoOnWithClock);

    public override void OnQuiet(long sequence, long stepTicks)
    {
        // What is under way belongs to the time as it is until now.
        if (Firing.FiresOnce)
            Firing.FinishGathering();
        else
            FinishFiring();
        _clocks.OnQuiet(stepTicks);
        if (_clocks.NowTicks >= _clocks.NextLookTicks)
            Firing.Start(sequence, _clocks.NowTicks);
    }

    public override void ForgetKey(int keyId)
    {
        base.ForgetKey(keyId);
        _clocks.Forget(keyId);
    }

    public override void Load(StateReader reader, ReadOnlySpan<WindowStateStore> shards)
    {
        base.Load(reader, shards);
        foreach (var store in AtRest<KeyTimeStore>(shards))
        {
            for (var keyId = 0; keyId < store._clocks.IdRange; keyId++)
                store._clocks.FileLook(keyId);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _clocks.Dispose();
    }

    protected override void SaveBefore(StateWriter writer, KeyedWindowStore[] stores)
    {
        base.SaveBefore(writer, stores);
        KeyClocks.Save(writer, Array.ConvertAll(stores, store => ((KeyTimeStore)store)._clocks));
    }

    protected override void LoadBefore(StateReader reader, KeyedWindowStore[] stores)
    {
        base.LoadBefore(reader, stores);
        KeyClocks.Load(reader, Array.ConvertAll(stores, store => ((KeyTimeStore)store)._clocks));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void OnActivity(KeyClock* clock, int keyId)
    {
        // What the quiet clock has made due is emitted by the watermark that it was due by.
        if (_firing.IsActive && _firing.HasDue(keyId))
            FinishFiring();
        _clocks.OnActivity(clock);
    }
}
