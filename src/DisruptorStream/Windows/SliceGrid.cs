namespace DisruptorStream.Windows;

/// <summary>Where the windows of fixed size lie in time, and the slices that they are made of.</summary>
/// <remarks>
/// Time is cut at every window start and end, hence into one slice per slide, or two where the size is no multiple of
/// the slide. Window k starts at offset + k × slide. Slices are numbered without a gap over all of time, from negative
/// to positive, so that an index means the same whatever came before. Where the slide is above the size, the second
/// slice of each pair is a hole: it is in no window. Every member takes constant time. A bound that does not fit 64
/// bits is an <see cref="OverflowException"/>; none is met from a slice that <see cref="TryLocate"/> returned.
/// Immutable.
/// </remarks>
internal sealed class SliceGrid
{
    /// <summary>The largest size and slide, in ticks: 7,306 years.</summary>
    public const long MaxSizeTicks = long.MaxValue / 4;

    // Within this distance of the epoch every bound fits, since none is further away than one size or slide.
    private const long SafeTicks = 1L << 62;

    private readonly long _offset;
    private readonly long _wholeSlides;
    private readonly long _remainder;

    /// <summary>Lays out the windows of a definition; the offset may be any number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The size or slide is not 1 to <see cref="MaxSizeTicks"/>.
    /// </exception>
    public SliceGrid(FixedWindows definition)
    {
        SizeTicks = definition.SizeTicks;
        SlideTicks = definition.SlideTicks;
        ThrowUnlessInRange(SizeTicks, "size");
        ThrowUnlessInRange(SlideTicks, "slide");
        _offset = TickMath.FloorMod(definition.OffsetTicks, SlideTicks);
        (_wholeSlides, _remainder) = Math.DivRem(SizeTicks, SlideTicks);
    }

    /// <summary>The length of every window, in ticks.</summary>
    public long SizeTicks { get; }

    /// <summary>From one window's start to the next one's, in ticks.</summary>
    public long SlideTicks { get; }

    /// <summary>Whether each tick is in exactly one window, and each slice is a window.</summary>
    public bool IsTumbling => SizeTicks == SlideTicks;

    /// <summary>Whether there are ticks between the windows that are in none.</summary>
    public bool HasHoles => SlideTicks > SizeTicks;

    /// <summary>The most windows that one event is in: the size over the slide, rounded up.</summary>
    public long MaxWindowsPerEvent => _remainder == 0 ? _wholeSlides : _wholeSlides + 1;

    private bool IsPaired => _remainder != 0;

    /// <summary>Finds the slice of a timestamp, hole or not.</summary>
    /// <returns>
    /// False where the timestamp is out of range: a bound of its slice, or of a window that holds it, does not fit or
    /// is one of the two reserved values (long.MinValue, long.MaxValue).
    /// </returns>
    public bool TryLocate(long timestamp, out long slice)
    {
        var (window, distance) = Math.DivRem(timestamp, SlideTicks);
        if (distance < 0)
        {
            window--;
            distance += SlideTicks;
        }

        // The offset is taken off after dividing: before it, the earliest timestamps would overflow.
        distance -= _offset;
        if (distance < 0)
        {
            window--;
            distance += SlideTicks;
        }

        slice = window;
        if (IsPaired)
            slice = unchecked((2 * window) + (distance >= _remainder ? 1 : 0));
        return timestamp is > -SafeTicks and < SafeTicks || BoundsFit(timestamp, distance);
    }

    /// <summary>Whether a slice is one that <see cref="TryLocate"/> returns, and no hole.</summary>
    public bool IsSlice(long slice)
    {
        var start = ((Int128)(IsPaired ? slice >> 1 : slice) * SlideTicks) + _offset
            + (IsPaired && IsSecond(slice) ? _remainder : 0);
        return IsOrdinary(start) && TryLocate((long)start, out var found) && found == slice && !IsHole(slice);
    }

    /// <summary>Whether the bounds of a window fit.</summary>
    public bool IsWindow(long window)
    {
        var start = ((Int128)window * SlideTicks) + _offset;
        return IsOrdinary(start) && IsOrdinary(start + SizeTicks);
    }

    /// <summary>The first tick of a slice.</summary>
    public long SliceStart(long slice) =>
        IsPaired ? TicksOf(slice >> 1, IsSecond(slice) ? _remainder : 0) : TicksOf(slice, 0);

    /// <summary>The first tick after a slice; above its start, and the start of the slice after it.</summary>
    public long SliceEnd(long slice) =>
        IsPaired ? TicksOf(slice >> 1, IsSecond(slice) ? SlideTicks : _remainder) : TicksOf(slice, SlideTicks);

    /// <summary>Whether the slice is in no window.</summary>
    public bool IsHole(long slice) => HasHoles && IsSecond(slice);

    /// <summary>The first tick of a window.</summary>
    public long WindowStart(long window) => TicksOf(window, 0);

    /// <summary>The first tick after a window.</summary>
    public long WindowEnd(long window) => TicksOf(window, SizeTicks);

    /// <summary>The oldest slice of a window.</summary>
    public long FirstSliceOf(long window) => IsPaired ? checked(2 * window) : window;

    /// <summary>The slice after the newest one of a window.</summary>
    public long EndSliceOf(long window) =>
        IsPaired ? checked((2 * (window + _wholeSlides)) + 1) : checked(window + _wholeSlides);

    /// <summary>The oldest window that holds the slice; of a hole, above <see cref="LastWindowOf"/>.</summary>
    public long FirstWindowOf(long slice)
    {
        if (!IsPaired)
            return checked(slice - _wholeSlides + 1);
        return checked((slice >> 1) - _wholeSlides + (IsSecond(slice) ? 1 : 0));
    }

    /// <summary>
    /// The newest window that holds the slice; of a hole, the one before it, below <see cref="FirstWindowOf"/>.
    /// </summary>
    public long LastWindowOf(long slice) => IsPaired ? slice >> 1 : slice;

    /// <summary>The end of the newest window that holds the slice; of a hole, of the window before it.</summary>
    /// <remarks>
    /// An event of the slice is too late once the watermark has reached this plus the allowed lateness.
    /// </remarks>
    public long LastEndOf(long slice) => WindowEnd(LastWindowOf(slice));

    /// <summary>The oldest window that is not complete at a watermark.</summary>
    /// <returns>long.MinValue at no watermark (all are open) and long.MaxValue at end of input (none is).</returns>
    public long FirstWindowEndingAfter(long watermark) => watermark switch
    {
        long.MinValue => long.MinValue,
        long.MaxValue => long.MaxValue,
        > -SafeTicks and < SafeTicks => TickMath.FloorDiv(watermark - _offset - SizeTicks, SlideTicks) + 1,
        _ => TickMath.Saturate(NewestCompleteAt(watermark) + 1),
    };

    /// <summary>The newest window that is complete at a watermark.</summary>
    /// <returns>long.MinValue at no watermark (none is complete) and long.MaxValue at end of input (all are).</returns>
    public long LastWindowEndingAtOrBefore(long watermark) => watermark switch
    {
        long.MinValue => long.MinValue,
        long.MaxValue => long.MaxValue,
        _ => TickMath.Saturate(NewestCompleteAt(watermark)),
    };

    private static bool IsSecond(long slice) => (slice & 1) != 0;

    private static void ThrowUnlessInRange(long ticks, string name)
    {
        if (ticks is >= 1 and <= MaxSizeTicks)
            return;
        throw new ArgumentOutOfRangeException(
            nameof(ticks), ticks, $"The window {name} is {ticks} ticks; it must be 1 to {MaxSizeTicks}.");
    }

    private static bool IsOrdinary(Int128 ticks) => ticks > long.MinValue && ticks < long.MaxValue;

    private bool BoundsFit(long timestamp, long distance)
    {
        var newestStart = (Int128)timestamp - distance;
        if (HasHoles && distance >= _remainder)
            return IsOrdinary(newestStart + _remainder) && IsOrdinary(newestStart + SlideTicks);

        var slidesBack = IsPaired && distance < _remainder ? _wholeSlides : _wholeSlides - 1;
        return IsOrdinary(newestStart - ((Int128)slidesBack * SlideTicks)) && IsOrdinary(newestStart + SizeTicks);
    }

    private Int128 NewestCompleteAt(long watermark)
    {
        var distance = (Int128)watermark - _offset - SizeTicks;
        var quotient = distance / SlideTicks;
        return quotient * SlideTicks > distance ? quotient - 1 : quotient;
    }

    private long TicksOf(long window, long distance) =>
        checked((long)(((Int128)window * SlideTicks) + _offset + distance));
}
