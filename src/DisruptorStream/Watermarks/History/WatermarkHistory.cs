namespace DisruptorStream.Watermarks.History;

/// <summary>
/// Which slots moved the watermark past the end of a window, and what came too late because of that: the newest of
/// both, in bounded memory.
/// </summary>
/// <remarks>
/// It is written once where the watermark passes an end, and once for a run of events that came too late: never for an
/// event. Not saved: it knows what happened in this process. One thread at a time.
/// </remarks>
internal sealed class WatermarkHistory
{
    private readonly AdvanceEntry[] _entries;
    private readonly LateRun[] _late;
    private readonly long _stepTicks;
    private long _added;
    private long _lateAdded;
    private long _blamed = -1;
    private AdvanceEntry _worstForgotten;

    /// <param name="capacity">Steps that are kept, and as many runs of late events; at least 1.</param>
    /// <param name="stepTicks">
    /// How far the watermark moves at least between two steps that are kept, where no windows say that; else 0.
    /// </param>
    public WatermarkHistory(int capacity, long stepTicks)
    {
        _entries = new AdvanceEntry[capacity];
        _late = new LateRun[capacity];
        _stepTicks = stepTicks;
    }

    /// <summary>The first watermark that is a step of its own.</summary>
    public long NextTicks { get; private set; } = long.MinValue + 1;

    /// <summary>The newest step; null for none.</summary>
    public AdvanceEntry? Newest => _added == 0 ? null : At(_added - 1);

    private long Oldest => Math.Max(0, _added - _entries.Length);

    /// <summary>The watermark has moved past an end. One that is not far enough is left out.</summary>
    public void Add(in AdvanceEntry entry)
    {
        if (entry.ToTicks < NextTicks)
            return;
        ref var place = ref At(_added);
        if (place.LateCount > _worstForgotten.LateCount)
            _worstForgotten = place;
        place = entry;
        _added++;
        NextTicks = _stepTicks == 0
            ? Held((Int128)entry.ToTicks + 1)
            : Held((Int128)entry.ToTicks - FloorMod(entry.ToTicks, _stepTicks) + _stepTicks);
    }

    /// <summary>Events came too late for all their windows.</summary>
    /// <param name="expiryTicks">The watermark from which on they are too late.</param>
    /// <param name="lastEndTicks">The end of the last of their windows.</param>
    /// <param name="run">The slots.</param>
    /// <param name="count">How many of them are the query's events.</param>
    public void NoteLate(long expiryTicks, long lastEndTicks, LateRun run, int count)
    {
        _late[_lateAdded++ % _late.Length] = run;
        if (_blamed < Oldest || !Passes(At(_blamed), expiryTicks))
        {
            _blamed = Find(expiryTicks);
            if (_blamed < 0)
                return;
        }

        ref var entry = ref At(_blamed);
        entry.LateCount += count;
        entry.LatenessTicks = Math.Max(entry.LatenessTicks, LatenessFor(lastEndTicks, run.WatermarkTicks));
    }

    /// <summary>The least allowed lateness with which a window is still open at a watermark.</summary>
    public static long LatenessFor(long endTicks, long watermarkTicks) =>
        Held((Int128)watermarkTicks - endTicks + 1);

    /// <summary>Finds the step that took the watermark from below a value to it, or beyond.</summary>
    /// <param name="watermarkTicks">The value.</param>
    /// <param name="entry">
    /// The step; where <see cref="Passes"/> is false for it, the watermark passed the value between the step before and
    /// this one.
    /// </param>
    /// <returns>False where no step has, and where the step is no longer kept.</returns>
    public bool TryFind(long watermarkTicks, out AdvanceEntry entry)
    {
        var index = Find(watermarkTicks);
        entry = index < 0 ? default : At(index);
        return index >= 0;
    }

    /// <summary>Whether the step itself took the watermark from below a value to it, or beyond.</summary>
    public static bool Passes(in AdvanceEntry entry, long watermarkTicks) =>
        entry.FromTicks < watermarkTicks && entry.ToTicks >= watermarkTicks;

    /// <summary>The watermark by which a late event was judged; null where that is no longer kept.</summary>
    public long? WatermarkOfLate(long sequence)
    {
        for (var index = _lateAdded - 1; index >= Math.Max(0, _lateAdded - _late.Length); index--)
        {
            var run = _late[index % _late.Length];
            if (sequence >= run.FirstSequence && sequence - run.FirstSequence < run.Count)
                return run.WatermarkTicks;
        }

        return null;
    }

    /// <summary>The watermark after the newest kept step before a slot; null for none.</summary>
    public long? WatermarkBefore(long sequence)
    {
        for (var index = _added - 1; index >= Oldest; index--)
        {
            if (At(index).Sequence < sequence)
                return At(index).ToTicks;
        }

        return null;
    }

    /// <summary>The step after which most events came too late; null where none did.</summary>
    public AdvanceEntry? Worst()
    {
        var worst = _worstForgotten;
        for (var index = Oldest; index < _added; index++)
        {
            if (At(index).LateCount > worst.LateCount)
                worst = At(index);
        }

        return worst.LateCount == 0 ? null : worst;
    }

    /// <summary>The longest of the kept steps but one, the first watermark left out; 0 for none.</summary>
    public long LongestStepBut(long sequence)
    {
        var longest = 0L;
        for (var index = Oldest; index < _added; index++)
        {
            ref var entry = ref At(index);
            if (entry.Sequence != sequence && entry.FromTicks != long.MinValue && entry.ToTicks != long.MaxValue)
                longest = Math.Max(longest, entry.StepTicks);
        }

        return longest;
    }

    /// <summary>A source joins: who had its number before is no longer known by name.</summary>
    public void ForgetSource(int source)
    {
        for (var index = Oldest; index < _added; index++)
        {
            if (At(index).Source == source)
                At(index).Source = AdvanceEntry.NoSource;
        }

        if (_worstForgotten.LateCount > 0 && _worstForgotten.Source == source)
            _worstForgotten.Source = AdvanceEntry.NoSource;
    }

    /// <summary>The number of the first kept step that is at a value or above it; -1 where it is not known.</summary>
    private long Find(long watermarkTicks)
    {
        var (low, high) = (Oldest, _added);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (At(middle).ToTicks < watermarkTicks)
                low = middle + 1;
            else
                high = middle;
        }

        return low == _added || (low == Oldest && !Passes(At(low), watermarkTicks)) ? -1 : low;
    }

    private static long FloorMod(long value, long modulus) => ((value % modulus) + modulus) % modulus;

    private static long Held(Int128 ticks) => (long)Int128.Clamp(ticks, long.MinValue, long.MaxValue);

    private ref AdvanceEntry At(long number) => ref _entries[number % _entries.Length];
}
