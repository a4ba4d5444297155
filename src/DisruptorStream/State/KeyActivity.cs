using DisruptorStream.State.Memory;

namespace DisruptorStream.State;

/// <summary>When each key of a shard last had state, to tell which keys may be given up.</summary>
/// <remarks>
/// Written when state is released, not per event; a key that has state now is never idle, whatever stands here.
/// </remarks>
internal sealed class KeyActivity
{
    private long[] _lastActiveTicks = [];

    public long ClockTicks { get; set; } = long.MinValue;

    public void Touch(int keyId)
    {
        if (keyId >= _lastActiveTicks.Length)
            Grow(keyId);
        _lastActiveTicks[keyId] = ClockTicks;
    }

    public unsafe void Touch(KeyedTable table)
    {
        const int Most = 64;
        Span<int> keyIds = stackalloc int[Most];
        var records = stackalloc nint[Most];
        var next = 0;
        while (table.Collect(ref next, keyIds, records) is var count and > 0)
            Touch(keyIds[..count]);
    }

    /// <param name="keyIds">At least one, ascending.</param>
    public void Touch(ReadOnlySpan<int> keyIds)
    {
        if (keyIds[^1] >= _lastActiveTicks.Length)
            Grow(keyIds[^1]);
        var last = _lastActiveTicks;
        var now = ClockTicks;
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

    /// <summary>A new key may take the id: what the old one did no longer counts.</summary>
    public void Forget(int keyId)
    {
        if (keyId < _lastActiveTicks.Length)
            _lastActiveTicks[keyId] = long.MinValue;
    }

    private void Grow(int keyId)
    {
        var old = _lastActiveTicks.Length;
        Array.Resize(ref _lastActiveTicks, Math.Max(keyId + 1, Math.Max(64, old * 2)));
        Array.Fill(_lastActiveTicks, long.MinValue, old, _lastActiveTicks.Length - old);
    }
}
