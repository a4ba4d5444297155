using DisruptorStream.Events;
using DisruptorStream.Identities;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Slots;
using DisruptorStream.State;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline;

/// <summary>
/// Looks through the keys of a column for idle ones, a few at a time, and offers them for retirement.
/// </summary>
/// <remarks>
/// A key is marked, then a slot says so. It is retired at that slot, unless an event took the mark back meanwhile. No
/// key is marked again while the slot of an earlier mark is under way: the later mark would be taken for that slot's,
/// although events that took the first one back lie between the two. Where several threads keep state for the keys of
/// a column, one of them leads: it looks for idle keys, and the others have a say at the slot.
/// </remarks>
internal sealed class KeyRetirement
{
    private const int KeysPerStep = 64;

    private readonly IKeyLifetime _keys;
    private readonly ControlSlots _slots;
    private readonly int _column;
    private readonly ShardState[] _holders;
    private readonly Action<int, int> _onPassed;
    private readonly KeyActivity _activity;
    private readonly long _retentionTicks;
    private readonly RetirementVote? _vote;
    private readonly bool _leads;
    private readonly int _shard;
    private readonly int _shardCount;
    private int _next = -1;
    private int _offered = -1;
    private int _slotsUnderWay;
    private bool _isDue;

    /// <param name="keys">The keys.</param>
    /// <param name="column">Their number among the keys of an event.</param>
    /// <param name="slots">Publishes what is offered.</param>
    /// <param name="holders">
    /// All who keep state for these keys on this thread, as one shard; none for keys that only others are made of.
    /// </param>
    /// <param name="activity">When the keys were active, where there are no holders; null to use theirs.</param>
    /// <param name="onPassed">Told of column and key where no row names a retired key.</param>
    /// <param name="retentionTicks">How long a key without state is kept.</param>
    /// <param name="vote">Asks other threads that keep state for the same keys; null where there are none.</param>
    /// <param name="leads">Whether this is the thread among them that looks for idle keys.</param>
    public KeyRetirement(
        IKeyLifetime keys,
        int column,
        ControlSlots slots,
        ShardState[] holders,
        KeyActivity? activity,
        Action<int, int> onPassed,
        long retentionTicks,
        RetirementVote? vote = null,
        bool leads = true)
    {
        _keys = keys;
        _vote = vote;
        _leads = leads;
        _column = column;
        _slots = slots;
        _holders = holders;
        _onPassed = onPassed;
        _activity = activity ?? holders[0].Context.Activity;
        _retentionTicks = retentionTicks;
        _shard = holders.Length > 0 ? holders[0].Context.Shard : 0;
        _shardCount = holders.Length > 0 ? holders[0].Context.ShardMask + 1 : 1;
    }

    /// <summary>Whether a pass is under way.</summary>
    public bool IsActive => _next >= 0;

    /// <summary>The clock has moved: begins a pass when one is due, four times per retention.</summary>
    public void OnClock(long steadyTicks)
    {
        if (!_leads)
            return;
        if (_holders.Length == 0)
            _activity.OnClock(0, steadyTicks);
        if (steadyTicks >= _activity.NextPassTicks)
        {
            _activity.NextPassTicks = TickMath.SaturatingAdd(steadyTicks, Math.Max(1, _retentionTicks / 4));
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
            if (!_slots.TryPublishFromWorker(SlotKind.KeyRetiring, _offered, _column))
            {
                _slotsUnderWay--;
                return;
            }

            _offered = -1;
        }

        if (_next >= _keys.IdRange)
            _next = -1;
    }

    /// <summary>The slot has come around: retires the key, if it is of this shard and still idle.</summary>
    /// <returns>Whether it is retired.</returns>
    public bool OnSlot(int keyId, long sequence)
    {
        if ((keyId & (_shardCount - 1)) != _shard)
            return false;

        // A slot that is handled again was published by an earlier process, so none is under way here.
        if (_slotsUnderWay > 0)
            _slotsUnderWay--;
        if (!TryRetire(keyId, sequence))
            return false;
        foreach (var holder in _holders)
        {
            holder.Context.Activity.Forget(keyId);
            holder.Store.ForgetKey(keyId);
            holder.Context.Output.Stage(Released(keyId, sequence), default);
        }

        if (_holders.Length == 0)
        {
            _activity.Forget(keyId);
            _onPassed(_column, keyId);
        }

        return true;
    }

    /// <summary>The slot has come around, and an event of the key is held ahead of the shards: it stays.</summary>
    public void Keep(int keyId, long sequence)
    {
        if ((keyId & (_shardCount - 1)) != _shard)
            return;
        if (_slotsUnderWay > 0)
            _slotsUnderWay--;
        if (_vote is null)
            _keys.TryRetire(keyId, sequence, isHeld: true);
        else
            _vote.Decide(keyId, sequence, isHeld: true);
        _activity.Touch(keyId);
    }

    private bool TryRetire(int keyId, long sequence)
    {
        if (_vote is null)
            return _keys.TryRetire(keyId, sequence, IsHeld(keyId));

        // Who leads has found it idle, and has not been asked about the others.
        var isHeld = IsHeld(keyId) || (!_leads && IsRecent(keyId));
        if (_vote.Decide(keyId, sequence, isHeld))
            return true;
        if (_leads)
            _activity.Touch(keyId);
        return false;
    }

    private bool IsRecent(int keyId) => Array.Exists(
        _holders, holder => !holder.Context.Activity.IsIdle(keyId, _retentionTicks));

    private static ResultHeader Released(int keyId, long sequence) => new()
    {
        Sequence = sequence,
        StartTicks = long.MaxValue,
        EndTicks = long.MaxValue,
        OrderStartTicks = long.MaxValue,
        OrderEndTicks = long.MaxValue,
        KeyId = keyId,
        FailureIndex = -1,
        Flags = ResultFlags.KeyReleased,
    };

    private bool IsHeld(int keyId)
    {
        var isHeld = false;
        foreach (var holder in _holders)
        {
            // What has only not been emitted yet holds no key: how far firing has come decides nothing.
            if (holder.Store.HoldsKey(keyId))
                holder.Store.FinishFiring();
            isHeld |= holder.Store.HoldsKey(keyId);
        }

        return isHeld;
    }

    private bool IsIdle(int keyId)
    {
        if (_holders.Length == 0)
            return _activity.ClockTicks >= TickMath.SaturatingAdd(_activity.LastActive(keyId), _retentionTicks);
        var isIdle = true;
        foreach (var holder in _holders)
        {
            var activity = holder.Context.Activity;
            if (activity.ClockTicks < TickMath.SaturatingAdd(activity.LastActive(keyId), _retentionTicks))
                return false;
            if (!holder.Store.HoldsKey(keyId))
                continue;
            activity.Touch(keyId);
            isIdle = false;
        }

        return isIdle;
    }
}
