namespace DisruptorStream.Windows.Grids;

/// <summary>Windows that every key has in common: where they begin and end depends on time alone.</summary>
internal abstract record GridWindows : WindowDefinition
{
    /// <summary>How long a slice is as a rule, in ticks: tells which of several sizes has the finer slices.</summary>
    public abstract long UsualSliceTicks { get; }

    /// <summary>
    /// Whether a window is there only for keys that have an event in its newest slice; the slices before it are what
    /// that event is seen against.
    /// </summary>
    public virtual bool FollowNewest => false;

    /// <summary>Lays the windows out.</summary>
    public abstract SliceGrid NewGrid();

    /// <summary>
    /// Whether each of the slices lies in one slice of the others, holes or not, and none of these is a hole: then what
    /// they hold can be handed on. False where that is not known.
    /// </summary>
    public virtual bool NestsIn(GridWindows coarser) => false;

    /// <summary>Whether these and the others are known to have a window in common.</summary>
    public virtual bool Meets(GridWindows other) => Equals(other);
}
