using DisruptorStream.Windows;

namespace DisruptorStream.Pipeline.Assignment.Slices;

/// <summary>What window assignment asks of a slice for every run, worked out once.</summary>
internal readonly struct LocatedSlice
{
    public LocatedSlice(SliceGrid grid, long index, long latenessTicks)
    {
        Index = index;
        StartTicks = grid.SliceStart(index);
        EndTicks = grid.SliceEnd(index);
        ExpiryTicks = TickMath.SaturatingAdd(grid.LastEndOf(index), latenessTicks);
        IsHole = grid.IsHole(index);
        FirstEndTicks = IsHole ? long.MinValue : grid.WindowEnd(grid.FirstWindowOf(index));
    }

    public long Index { get; }

    public long StartTicks { get; }

    public long EndTicks { get; }

    /// <summary>The watermark from which on its events are too late for all of their windows.</summary>
    public long ExpiryTicks { get; }

    public bool IsHole { get; }

    /// <summary>The end of its oldest window; long.MinValue for a hole.</summary>
    public long FirstEndTicks { get; }

    /// <summary>Never, for the value that was not made by a constructor.</summary>
    public bool Holds(long time) => time >= StartTicks && time < EndTicks;
}
