namespace DisruptorStream.Windows.Grids;

/// <summary>Windows of one size, one every slide: their edges are worked out, not looked up.</summary>
/// <remarks>
/// Time is cut at every window start and end, hence into one slice per slide, or two where the size is no multiple of
/// the slide. Window k starts at offset + k × slide. Where the slide is above the size, the second slice of each pair
/// is a hole. Every member takes constant time. Immutable.
/// </remarks>
internal sealed class FixedGrid : SliceGrid
{
    // Within this distance of the epoch every bound fits, since none is further away than one size or slide.
    private const long SafeTicks = 1L << 62;

    private readonly long _offset;
    private readonly long _wholeSlides;
    private readonly long _remainder;

    /// <summary>Lays out the windows of a definition; the offset may be any number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The size or slide is not 1 to <see cref="SliceGrid.MaxSizeTicks"/>.
    /// </exception>
    public FixedGrid(FixedWindows definition)
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

    /// <summary>Whether there are ticks between the windows that are in none.</summary>
    public bool HasHoles => SlideTicks > SizeTicks;

    public override long MaxWindowsPerEvent => _remainder == 0 ? _wholeSlides : _wholeSlides + 1;

    private bool IsPaired => _remainder != 0;

    public override bool TryLocate(long timestamp, out long slice)
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

    public override bool IsSlice(long slice)
    {
        var start = ((Int128)(IsPaired ? slice >> 1 : slice) * SlideTicks) + _offset
            + (IsPaired && IsSecond(slice) ? _remainder : 0);
        return IsOrdinary(start) && TryLocate((long)start, out var found) && found == slice && !IsHole(slice);
    }

    public override bool IsWindow(long window)
    {
        var start = ((Int128)window * SlideTicks) + _offset;
        return IsOrdinary(start) && IsOrdinary(start + SizeTicks);
    }

    public override long SliceStart(long slice) =>
        IsPaired ? TicksOf(slice >> 1, IsSecond(slice) ? _remainder : 0) : TicksOf(slice, 0);

    public override long SliceEnd(long slice) =>
        IsPaired ? TicksOf(slice >> 1, IsSecond(slice) ? SlideTicks : _remainder) : TicksOf(slice, SlideTicks);

    public override bool IsHole(long slice) => HasHoles && IsSecond(slice);

    public override long WindowStart(long window) => TicksOf(window, 0);

    public override long WindowEnd(long window) => TicksOf(window, SizeTicks);

    public override long FirstSliceOf(long window) => IsPaired ? checked(2 * window) : window;

    public override long EndSliceOf(long window) =>
        IsPaired ? checked((2 * (window + _wholeSlides)) + 1) : checked(window + _wholeSlides);

    public override long FirstWindowOf(long slice)
    {
        if (!IsPaired)
            return checked(slice - _wholeSlides + 1);
        return checked((slice >> 1) - _wholeSlides + (IsSecond(slice) ? 1 : 0));
    }

    public override long LastWindowOf(long slice) => IsPaired ? slice >> 1 : slice;

    public override long FirstWindowEndingAfter(long watermark) => watermark switch
    {
        long.MinValue => long.MinValue,
        long.MaxValue => long.MaxValue,
        > -SafeTicks and < SafeTicks => TickMath.FloorDiv(watermark - _offset - SizeTicks, SlideTicks) + 1,
        _ => TickMath.Saturate(NewestCompleteAt(watermark) + 1),
    };

    public override long NextWindow(long window) => window + 1;

    public override long NextEndAfter(long watermark)
    {
        var window = FirstWindowEndingAfter(watermark);
        return window is long.MinValue or long.MaxValue
            ? window
            : TickMath.Saturate(((Int128)window * SlideTicks) + _offset + SizeTicks);
    }

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
