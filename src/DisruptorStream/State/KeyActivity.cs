using System.Diagnostics;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory;
using DisruptorStream.Windows;

namespace DisruptorStream.State;

/// <summary>When each key of a shard last had state, to tell which keys may be given up.</summary>
/// <remarks>
/// Written when state is released, not per event; a key that has state now is never idle, whatever stands here.
/// </remarks>
internal sealed class KeyActivity
{
    private const int Version = 1;

    // What a firing gives up was active until the slot that it belongs to, whenever its turn comes: where one is under
    // way, the clocks that it may still ask for are kept, with the sequence that each holds from.
    private readonly List<(long Sequence, long Ticks)> _clocks = [];
    private long[] _lastActiveTicks = [];

    /// <summary>The clock; long.MinValue for none yet.</summary>
    public long ClockTicks { get; private set; } = long.MinValue;

    /// <summary>When idle keys are looked for next; long.MinValue for at the next clock.</summary>
    public long NextPassTicks { get; set; } = long.MinValue;

    /// <summary>The clock has moved.</summary>
    /// <param name="sequence">The sequence of its slot.</param>
    /// <param name="clockTicks">Its time.</param>
    /// <param name="firingSequence">
    /// The sequence of the oldest firing that is under way; long.MaxValue for none.
    /// </param>
    public void OnClock(long sequence, long clockTicks, long firingSequence = long.MaxValue)
    {
        if (firingSequence == long.MaxValue)
            _clocks.Clear();
        else if (_clocks.Count == 0)
            _clocks.Add((long.MinValue, ClockTicks));
        else
            _clocks.RemoveRange(0, Math.Max(0, PlaceOf(firingSequence)));
        _clocks.Add((sequence, clockTicks));
        ClockTicks = clockTicks;
    }

    public void Touch(int keyId) => Touch(keyId, long.MaxValue);

    /// <summary>The key had state until a slot.</summary>
    public void Touch(int keyId, long sequence)
    {
        if (keyId >= _lastActiveTicks.Length)
            Grow(keyId);
        _lastActiveTicks[keyId] = ClockAt(sequence);
    }

    /// <summary>The keys of a table had state until a slot; true once all are done.</summary>
    /// <param name="table">The keys.</param>
    /// <param name="sequence">The sequence of the slot.</param>
    /// <param name="next">The first key that is not done; where to go on.</param>
    /// <param name="budget">How many keys; what is left of it.</param>
    public unsafe bool TryTouch(KeyedTable table, long sequence, ref int next, ref int budget)
    {
        const int Most = 64;
        Span<int> keyIds = stackalloc int[Most];
        var records = stackalloc nint[Most];
        while (budget > 0)
        {
            var count = table.Collect(ref next, keyIds[..Math.Min(Most, budget)], records);
            if (count == 0)
                return true;
            Touch(keyIds[..count], sequence);
            budget -= count;
        }

        return false;
    }

    /// <param name="keyIds">At least one, ascending.</param>
    /// <param name="sequence">They had state until its slot.</param>
    public void Touch(ReadOnlySpan<int> keyIds, long sequence)
    {
        if (keyIds[^1] >= _lastActiveTicks.Length)
            Grow(keyIds[^1]);
        var last = _lastActiveTicks;
        var now = ClockAt(sequence);
        foreach (var keyId in keyIds)
            last[keyId] = now;
    }

    /// <summary>
    /// The clock when the key was last seen with state; a key never seen counts from the first time this is asked.
    /// </summary>
    public long LastActive(int keyId)
    {
        if (keyId >= _lastActiveTicks.Length)
            Grow(keyId);
        ref var last = ref _lastActiveTicks[keyId];
        if (last == long.MinValue)
            last = ClockTicks;
        return last;
    }

    /// <summary>Whether the key has had no state for so long; one that never had any is idle.</summary>
    public bool IsIdle(int keyId, long ticks) =>
        LastKnown(keyId) is var last && (last == long.MinValue || ClockTicks >= TickMath.SaturatingAdd(last, ticks));

    /// <summary>A new key may take the id: what the old one did no longer counts.</summary>
    public void Forget(int keyId)
    {
        if (keyId < _lastActiveTicks.Length)
            _lastActiveTicks[keyId] = long.MinValue;
    }

    /// <summary>Writes what all shards know, in ascending order of the keys.</summary>
    public static void Save(StateWriter writer, ReadOnlySpan<KeyActivity> shards)
    {
        var (count, range) = (0, 0);
        foreach (var shard in shards)
        {
            shard.AssertInvariants();
            range = Math.Max(range, shard._lastActiveTicks.Length);
            foreach (var last in shard._lastActiveTicks)
                count += last == long.MinValue ? 0 : 1;
        }

        writer.Begin(SectionTag.KeyActivity, Version);
        writer.WriteInt64(shards[0].ClockTicks);
        writer.WriteInt64(shards[0].NextPassTicks);
        writer.WriteCount(count);
        var next = 0;
        for (var keyId = 0; keyId < range; keyId++)
        {
            var lastTicks = shards[keyId & (shards.Length - 1)].LastKnown(keyId);
            if (lastTicks == long.MinValue)
                continue;
            writer.WriteCount(keyId - next);
            writer.WriteNumber(unchecked((ulong)(shards[0].ClockTicks - lastTicks)));
            next = keyId + 1;
        }

        writer.End();
    }

    /// <exception cref="StateException">It cannot have been saved.</exception>
    public static void Load(StateReader reader, ReadOnlySpan<KeyActivity> shards)
    {
        reader.Begin(SectionTag.KeyActivity, Version);
        var clockTicks = reader.ReadInt64();
        var nextPassTicks = reader.ReadInt64();
        foreach (var shard in shards)
        {
            shard.OnClock(long.MinValue, clockTicks);
            shard.NextPassTicks = nextPassTicks;
        }

        var next = 0L;
        for (var left = reader.ReadCount(2, "keys"); left > 0; left--)
        {
            next += reader.ReadNumber(reader.KeyRange - 1 - next, "the distance to a key");
            var shard = shards[(int)next & (shards.Length - 1)];
            shard.Touch((int)next);
            shard._lastActiveTicks[next++] = unchecked(clockTicks - (long)reader.ReadNumber());
        }

        reader.End();
    }

    /// <summary>That clocks ascend, the newest of them being the one that holds.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public void ThrowIfInconsistent()
    {
        for (var index = 1; index < _clocks.Count; index++)
            Invariant.Require(_clocks[index - 1].Sequence <= _clocks[index].Sequence, "Clocks come in their order.");
        Invariant.Require(_clocks.Count == 0 || _clocks[^1].Ticks == ClockTicks, "The newest clock holds.");
    }

    /// <summary>As <see cref="ThrowIfInconsistent"/>, in builds for debugging.</summary>
    [Conditional("DEBUG")]
    public void AssertInvariants() => ThrowIfInconsistent();

    private long LastKnown(int keyId) =>
        keyId < _lastActiveTicks.Length ? _lastActiveTicks[keyId] : long.MinValue;

    private long ClockAt(long sequence)
    {
        var place = PlaceOf(sequence);
        return place < 0 ? ClockTicks : _clocks[place].Ticks;
    }

    /// <summary>Which of the clocks holds at a sequence; -1 for none.</summary>
    private int PlaceOf(long sequence)
    {
        var place = _clocks.Count - 1;
        while (place >= 0 && _clocks[place].Sequence > sequence)
            place--;
        return place;
    }

    private void Grow(int keyId)
    {
        var old = _lastActiveTicks.Length;
        Array.Resize(ref _lastActiveTicks, Math.Max(keyId + 1, Math.Max(64, old * 2)));
        Array.Fill(_lastActiveTicks, long.MinValue, old, _lastActiveTicks.Length - old);
    }
}
