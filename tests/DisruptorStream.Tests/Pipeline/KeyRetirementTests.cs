using DisruptorStream.Events;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Pipeline;
using DisruptorStream.Saving;
using DisruptorStream.State;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Pipeline;

public sealed class KeyRetirementTests : IDisposable
{
    private const long Retention = 8;

    private readonly KeyTable<string> _keys = new(8);
    private readonly HeldState _store = new();
    private readonly KeyActivity _activity = new();
    private readonly SlotRing _ring = new();
    private readonly KeyRetirement _retirement;

    public KeyRetirementTests() => _retirement = new KeyRetirement(
        _keys, 0, _ring.Controls, [new ShardState(NewContext(), _store)], null, (_, _) => { }, Retention);

    [Fact]
    public void OnSlot_IdleKey_IsRetiredAtItsSlot()
    {
        var id = _keys.Intern("a");
        Pass(0);
        Assert.Equal(-1, _ring.Slots.Sequencer.LastClaimed);

        Pass(Retention);

        Assert.Equal(0, _ring.Slots.Sequencer.LastClaimed);
        Assert.True(_retirement.OnSlot(id, 0));
        Assert.False(_keys.TryGet("a", out _));
    }

    /// <summary>
    /// The event that took the first mark back lies between the two slots: what its claim was told must stay true.
    /// </summary>
    [Fact]
    public void OnSlot_KeyWasTakenBackAndIsStillIdle_IsNotRetiredBeforeTheSlotOfItsNextMark()
    {
        var id = _keys.Intern("a");
        Pass(0);
        Pass(Retention);
        Assert.Equal(id, _keys.Intern("a"));

        Pass(2 * Retention);

        Assert.False(_retirement.OnSlot(id, 0));
        Assert.True(_keys.TryGet("a", out var same));
        Assert.Equal(id, same);

        Pass(3 * Retention);
        Assert.Equal(1, _ring.Slots.Sequencer.LastClaimed);
        Assert.True(_retirement.OnSlot(id, 0));
    }

    /// <summary>A key of an event that is held ahead of the shards stays, and may go later.</summary>
    [Fact]
    public void Keep_MarkedKey_StaysAndIsMarkedAgainWhenItIsIdleAgain()
    {
        var id = _keys.Intern("a");
        Pass(0);
        Pass(Retention);

        _retirement.Keep(id, 0);

        Assert.True(_keys.TryGet("a", out _));
        Pass(2 * Retention);
        Pass(3 * Retention);
        Assert.Equal(1, _ring.Slots.Sequencer.LastClaimed);
        Assert.True(_retirement.OnSlot(id, 1));
    }

    /// <summary>Whether a key goes is decided by the slots before, not by how far the firing has come.</summary>
    [Fact]
    public void OnSlot_StateOnlyWaitsToBeEmitted_IsRetired()
    {
        var id = _keys.Intern("a");
        Pass(0);
        Pass(Retention);
        _store.PanesLeft = 1;

        Assert.True(_retirement.OnSlot(id, 0));
    }

    public void Dispose() => _store.Dispose();

    private void Pass(long clockTicks)
    {
        _activity.OnClock(0, clockTicks);
        _retirement.OnClock(clockTicks);
        while (_retirement.IsActive)
            _retirement.Step();
    }

    private StoreContext NewContext() => new()
    {
        Plan = null!,
        Output = new DirectOutput(1, new NoOutput()),
        AllowedLatenessTicks = 0,
        Accumulation = AccumulationMode.Accumulating,
        MeasureCount = 1,
        RouteDropped = false,
        MaxWindowsPerKey = 1,
        WindowOverflow = default,
        MaxOutOfOrdernessTicks = 0,
        ProcessingTime = false,
        ShardMask = 0,
        Shard = 0,
        Counters = new ShardCounters(),
        Activity = _activity,
    };

    /// <summary>A store that holds its keys for as long as it has panes left to emit.</summary>
    private sealed class HeldState : WindowStateStore
    {
        public int PanesLeft { get; set; }

        public override bool IsFiring => PanesLeft > 0;

        public override long FiringSequence => long.MaxValue;

        public override long BytesReserved => 0;

        public override int BytesPerRecord => 0;

        public override void OnEvents(in EventView events, in EventRun run)
        {
        }

        public override void OnWatermark(long sequence, long watermark)
        {
        }

        public override void OnClock(long sequence, long clockTicks, long timeOfDayTicks, bool isStaged)
        {
        }

        public override int Fire(int budget)
        {
            PanesLeft = 0;
            return 0;
        }

        public override void Save(StateWriter writer, ReadOnlySpan<WindowStateStore> shards)
        {
        }

        public override void Load(StateReader reader, ReadOnlySpan<WindowStateStore> shards)
        {
        }

        public override bool HoldsKey(int keyId) => PanesLeft > 0;

        public override void ThrowIfInconsistent()
        {
        }

        public override void Dispose()
        {
        }
    }
}
