namespace DisruptorStream.LoadTests.Workloads;

/// <summary>
/// A deterministic stream: event time moves on evenly, a share of the events is late. Values are multiples of 1/64, so
/// that every sum is exact whatever the order.
/// </summary>
internal struct EventSource
{
    private readonly int _keys;
    private readonly int _eventsPerMillisecond;
    private readonly int _latePerThousand;
    private readonly long _lateRangeTicks;
    private ulong _state;
    private long _index;

    public EventSource(int keys, int eventsPerMillisecond, int latePerThousand = 0, TimeSpan lateRange = default)
    {
        _keys = keys;
        _eventsPerMillisecond = eventsPerMillisecond;
        _latePerThousand = latePerThousand;
        _lateRangeTicks = Math.Max(1, lateRange.Ticks);
        _state = 0x9E37_79B9_7F4A_7C15;
    }

    /// <summary>The next event: its key's number, its time and its value.</summary>
    public (int Key, long Ticks, double Value) Next()
    {
        // xorshift64*, Vigna 2016.
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        var random = _state * 2_685_821_657_736_338_717;
        var ticks = _index++ / _eventsPerMillisecond * TimeSpan.TicksPerMillisecond;
        if (_latePerThousand > 0 && (int)(random % 1000) < _latePerThousand)
            ticks -= (long)((random >> 12) % (ulong)_lateRangeTicks);
        var key = (int)((ulong)(uint)random * (ulong)_keys >> 32);
        return (key, ticks, ((random >> 40) & 0xF_FFFF) / 64.0);
    }
}
