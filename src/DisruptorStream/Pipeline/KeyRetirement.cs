using DisruptorStream.Events;
using DisruptorStream.Slots;
using DisruptorStream.State;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline;

/// <summary>Looks through the keys of a shard for idle ones, a few at a time, and offers them for retirement.</summary>
/// <remarks>
/// A key is marked, then a slot says so. The shard retires it at that slot, unless an event took the mark back
/// meanwhile. No key is marked again while the slot of an earlier mark is under way: the shard would take the later
/// mark for that slot's, although events that took the first one back lie between the two.
/// </remarks>
internal sealed class KeyRetirement
{
    private const int KeysPerStep = 64;

    private readonly IKeyLifetime _keys;
    private readonly ControlSlots _slots;
    private readonly WindowStateStore _store;
    private readonly KeyActivity _activity;
    private readonly long _retentionTicks;
    private readonly int _shard;
    private readonly int _shardCount;
    private int _next = -1;
    private int _offered = -1;
    private int _slotsUnderWay;
    private bool _isDue;

    public KeyRetirement(
        IKeyLifetime keys, ControlSlots slots, WindowStateStore store, StoreContext context, long retentionTicks)
    {
        _keys = keys;
        _slots = slots;
        _store = store;
        _activity = context.Activity;
        _retentionTicks = retentionTicks;
        _shard = context.Shard;
        _shardCount = context.ShardMask + 1;
    }

    /// <summary>Whether a pass is under way.</summary>
    public bool IsActive => _next >= 0;

    /// <summary>The clock has moved: begins a pass when one is due, four times per retention.</summary>
    public void OnClock(long clockTicks)
    {
        if (clockTicks >= _activity.NextPassTicks)
        {
            _activity.NextPassTicks = TickMath.SaturatingAdd(clockTicks, Math.Max(1, _retentionTicks / 4));
            _isDue = true;
        }

        // A pass waits for the slots of the one before.
        if (!_isDue || _slotsUnderWay > 0)
            return;
        _isDue = false;
        if (_next < 0)
            _next = _shard;
    }

    /// <summary>Looks at some keys. Never blocks: where the ring is full it goes on later.</summary>
    public void Step()
    {
        var end = Math.Min(_next + ((long)KeysPerStep * _shardCount), _keys.IdRange);
        for (; _next < end || _offered >= 0; _next += _shardCount)
        {
            if (_offered < 0 && IsIdle(_next) && _keys.TryMarkRetiring(_next))
                _offered = _next;
            if (_offered < 0)
                continue;

            _slotsUnderWay++;
            if (!_slots.TryPublishFromWorker(SlotKind.KeyRetiring, _offered))
            {
                _slotsUnderWay--;
                return;
            }

            _offered = -1;
        }

        if (_next >= _keys.IdRange)
            _next = -1;
    }

    /// <summary>The slot has come around: retires the key if it is still idle.</summary>
    public bool TryRetire(int keyId, long sequence)
    {
        // A slot that is handled again was published by an earlier process, so none is under way here.
        if (_slotsUnderWay > 0)
            _slotsUnderWay--;

        // What has only not been emitted yet holds no key: how far firing has come decides nothing.
        if (_store.HoldsKey(keyId))
            _store.FinishFiring();
        if (!_keys.TryRetire(keyId, sequence, _store.HoldsKey(keyId)))
            return false;
        _activity.Forget(keyId);
        return true;
    }

    /// <summary>The slot has come around, and an event of the key is held ahead of the shards: it stays.</summary>
    public void Keep(int keyId, long sequence)
    {
        if (_slotsUnderWay > 0)
            _slotsUnderWay--;
        _keys.TryRetire(keyId, sequence, isHeld: true);
        _activity.Touch(keyId);
    }

    private bool IsIdle(int keyId)
    {
        if (_activity.ClockTicks < TickMath.SaturatingAdd(_activity.LastActive(keyId), _retentionTicks))
            return false;
        if (!_store.HoldsKey(keyId))
            return true;
        _activity.Touch(keyId);
        return false;
    }
}
