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
    private XorShift _random = new();
    private long _index;

    public EventSource(int keys, int eventsPerMillisecond, int latePerThousand = 0, TimeSpan lateRange = default)
    {
        _keys = keys;
        _eventsPerMillisecond = eventsPerMillisecond;
        _latePerThousand = latePerThousand;
        _lateRangeTicks = Math.Max(1, lateRange.Ticks);
    }

    /// <summary>The next event: its key's number, its time and its value.</summary>
    public (int Key, long Ticks, double Value) Next()
    {
        var random = _random.Next();
        var ticks = _index++ / _eventsPerMillisecond * TimeSpan.TicksPerMillisecond;
        if (_latePerThousand > 0 && (int)(random % 1000) < _latePerThousand)
            ticks -= (long)((random >> 12) % (ulong)_lateRangeTicks);
        var key = (int)((ulong)(uint)random * (ulong)_keys >> 32);
        return (key, ticks, XorShift.ValueOf(random));
    }
}
