using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>What window assignment asks of a slice for every run, worked out once.</summary>
internal readonly struct LocatedSlice
{
    public LocatedSlice(SliceGrid grid, long index, long latenessTicks)
    {
        Index = index;
        Start = grid.SliceStart(index);
        End = grid.SliceEnd(index);
        Expiry = TickMath.SaturatingAdd(grid.LastEndOf(index), latenessTicks);
        IsHole = grid.IsHole(index);
        FirstEnd = IsHole ? long.MinValue : grid.WindowEnd(grid.FirstWindowOf(index));
    }

    public long Index { get; }

    public long Start { get; }

    public long End { get; }

    /// <summary>The watermark from which on its events are too late for all of their windows.</summary>
    public long Expiry { get; }

    public bool IsHole { get; }

    /// <summary>The end of its oldest window; long.MinValue for a hole.</summary>
    public long FirstEnd { get; }

    /// <summary>Never, for the value that was not made by a constructor.</summary>
    public bool Holds(long time) => time >= Start && time < End;
}
