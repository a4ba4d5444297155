namespace DisruptorStream.Windows;

/// <summary>Where windows that every key has in common lie in time, and the slices that they are made of.</summary>
/// <remarks>
/// Slices are numbered over all of time, from negative to positive, so that an index means the same whatever came
/// before; each begins where the one before it ends. A slice may be a hole, which is in no window, and where the
/// calendar leaves something out it may have no length: then no event is ever in it. Windows are numbered alike. It is
/// asked once for a run of events, never for each. A bound that cannot be expressed is an
/// <see cref="OverflowException"/>; none is met from a slice that <see cref="TryLocate"/> returned. Several threads may
/// ask one grid.
/// </remarks>
internal abstract class SliceGrid
{
    /// <summary>The largest size and slide, in ticks: 7,306 years.</summary>
    public const long MaxSizeTicks = long.MaxValue / 4;

    /// <summary>The most windows that one event is in.</summary>
    public abstract long MaxWindowsPerEvent { get; }

    /// <summary>How many slices each window spans.</summary>
    public long SlicesPerWindow => EndSliceOf(0) - FirstSliceOf(0);

    /// <summary>Finds the slice of a timestamp, hole or not.</summary>
    /// <returns>
    /// False where the timestamp is out of range: a bound of its slice, or of a window that holds it, cannot be
    /// expressed or is one of the two reserved values (long.MinValue, long.MaxValue).
    /// </returns>
    public abstract bool TryLocate(long timestamp, out long slice);

    /// <summary>Whether a slice is one that <see cref="TryLocate"/> returns, and no hole.</summary>
    public abstract bool IsSlice(long slice);

    /// <summary>Whether there is such a window, and its bounds can be expressed.</summary>
    public abstract bool IsWindow(long window);

    /// <summary>The first tick of a slice.</summary>
    public abstract long SliceStart(long slice);

    /// <summary>The first tick after a slice, and the start of the slice after it.</summary>
    public abstract long SliceEnd(long slice);

    /// <summary>Whether the slice is in no window.</summary>
    public abstract bool IsHole(long slice);

    /// <summary>The first tick of a window.</summary>
    public abstract long WindowStart(long window);

    /// <summary>The first tick after a window.</summary>
    public abstract long WindowEnd(long window);

    /// <summary>The length of a window, in ticks.</summary>
    public long WindowTicks(long window) => WindowEnd(window) - WindowStart(window);

    /// <summary>The oldest slice of a window.</summary>
    public abstract long FirstSliceOf(long window);

    /// <summary>The slice after the newest one of a window.</summary>
    public abstract long EndSliceOf(long window);

    /// <summary>The oldest window that holds the slice; of a hole, above <see cref="LastWindowOf"/>.</summary>
    public abstract long FirstWindowOf(long slice);

    /// <summary>
    /// The newest window that holds the slice; of a hole, the one before it, below <see cref="FirstWindowOf"/>.
    /// </summary>
    public abstract long LastWindowOf(long slice);

    /// <summary>The end of the newest window that holds the slice; of a hole, of the window before it.</summary>
    /// <remarks>
    /// An event of the slice is too late once the watermark has reached this plus the allowed lateness.
    /// </remarks>
    public long LastEndOf(long slice) => WindowEnd(LastWindowOf(slice));

    /// <summary>The window after one; long.MaxValue where there is none.</summary>
    public abstract long NextWindow(long window);

    /// <summary>The oldest window that is not complete at a watermark.</summary>
    /// <returns>
    /// long.MinValue at no watermark (all are open) and long.MaxValue at end of input, or where no window is left.
    /// </returns>
    public abstract long FirstWindowEndingAfter(long watermark);

    /// <summary>
    /// The end of <see cref="FirstWindowEndingAfter"/>: the next watermark that completes a window.
    /// </summary>
    /// <returns>long.MinValue at no watermark, and long.MaxValue where no window is left.</returns>
    public abstract long NextEndAfter(long watermark);
}
