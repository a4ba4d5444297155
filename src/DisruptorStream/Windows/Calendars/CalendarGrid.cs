using System.Diagnostics.CodeAnalysis;

namespace DisruptorStream.Windows.Calendars;

/// <summary>Windows between the edges of a calendar, each of one slice.</summary>
/// <remarks>
/// A slice is what lies between an edge and the next one, and has the edge's number. Where there are holes, windows and
/// holes take turns. Edges that were asked for lately are kept, so that most answers take a few steps.
/// </remarks>
internal sealed class CalendarGrid : SliceGrid
{
    private const int KnownEdges = 64;

    private readonly CalendarEdges _edges;
    private readonly Edge?[] _known = new Edge?[KnownEdges];
    private readonly CalendarSlice?[] _slices = new CalendarSlice?[KnownEdges];
    private readonly long _first;
    private readonly long _end;
    private readonly long _firstTicks;
    private readonly long _endTicks;
    private CalendarSlice? _recent;

    public CalendarGrid(CalendarEdges edges)
    {
        _edges = edges;
        _first = edges.EdgeNear(ZoneClock.EarliestTicks);
        while (!TryEdge(_first, out _firstTicks))
            _first++;
        _end = edges.EdgeNear(ZoneClock.LatestTicks) + 1;
        while (!TryEdge(_end, out _endTicks))
            _end--;
    }

    public override long MaxWindowsPerEvent => 1;

    private int SlicesApart => _edges.HasHoles ? 2 : 1;

    public override bool TryLocate(long timestamp, out long slice)
    {
        slice = 0;
        if (timestamp < _firstTicks || timestamp >= _endTicks)
            return false;
        slice = SliceAt(timestamp).Index;
        return true;
    }

    public override bool IsSlice(long slice) =>
        slice >= _first && slice < _end && !IsHole(slice) && SliceStart(slice) < SliceEnd(slice);

    public override bool IsWindow(long window) =>
        window >= LastWindowOf(_first) && window <= LastWindowOf(_end) && IsSlice(FirstSliceOf(window));

    public override long SliceStart(long slice) => EdgeAt(slice);

    public override long SliceEnd(long slice) => EdgeAt(slice + 1);

    public override bool IsHole(long slice) => _edges.HasHoles && (slice & 1) != 0;

    public override long WindowStart(long window) => EdgeAt(FirstSliceOf(window));

    public override long WindowEnd(long window) => EdgeAt(FirstSliceOf(window) + 1);

    public override long FirstSliceOf(long window) => checked(window * SlicesApart);

    public override long EndSliceOf(long window) => checked(FirstSliceOf(window) + 1);

    public override long FirstWindowOf(long slice) => LastWindowOf(slice) + (IsHole(slice) ? 1 : 0);

    public override long LastWindowOf(long slice) => _edges.HasHoles ? slice >> 1 : slice;

    public override long NextWindow(long window) => WindowFrom(FirstSliceOf(window) + 1);

    public override long FirstWindowEndingAfter(long watermark)
    {
        if (watermark is long.MinValue or long.MaxValue)
            return watermark;
        if (watermark < _firstTicks)
            return WindowFrom(_first);
        return watermark >= _endTicks ? long.MaxValue : WindowFrom(SliceAt(watermark).Index);
    }

    public override long NextEndAfter(long watermark)
    {
        var window = FirstWindowEndingAfter(watermark);
        return window is long.MinValue or long.MaxValue ? window : WindowEnd(window);
    }

    /// <summary>
    /// The first window of any length whose slice is this one or a later one; long.MaxValue for none.
    /// </summary>
    private long WindowFrom(long slice)
    {
        for (; slice < _end; slice++)
        {
            if (IsSlice(slice))
                return LastWindowOf(slice);
        }

        return long.MaxValue;
    }

    private CalendarSlice SliceAt(long ticks)
    {
        var recent = Volatile.Read(ref _recent); // Pairs with the write below.
        if (recent is not null && ticks >= recent.StartTicks && ticks < recent.EndTicks)
            return recent;
        var index = Math.Max(_first, _edges.EdgeNear(ticks));
        while (EdgeAt(index + 1) <= ticks)
            index++;

        // Where keys are at different times, one slice after the other is asked for, and again and again.
        ref var place = ref _slices[index & (KnownEdges - 1)];
        var slice = Volatile.Read(ref place); // Pairs with the write below.
        if (slice is null || slice.Index != index)
        {
            slice = new CalendarSlice(index, EdgeAt(index), EdgeAt(index + 1));
            Volatile.Write(ref place, slice); // Pairs with the read above.
        }

        Volatile.Write(ref _recent, slice); // Pairs with the read above.
        return slice;
    }

    private long EdgeAt(long edge)
    {
        if (!TryEdge(edge, out var ticks))
            ThrowNotExpressible(edge);
        return ticks;
    }

    private bool TryEdge(long edge, out long ticks)
    {
        ref var place = ref _known[edge & (KnownEdges - 1)];
        var known = Volatile.Read(ref place); // Pairs with the write below.
        if (known is not null && known.Number == edge)
        {
            ticks = known.Ticks;
            return true;
        }

        if (!_edges.TryFind(edge, out ticks))
            return false;
        Volatile.Write(ref place, new Edge(edge, ticks)); // Pairs with the read above.
        return true;
    }

    [DoesNotReturn]
    private static void ThrowNotExpressible(long edge) => throw new OverflowException(
        $"Edge {edge} of the calendar lies outside the years 1 to 9999, which is as far as it reaches.");

    private sealed record Edge(long Number, long Ticks);

    private sealed record CalendarSlice(long Index, long StartTicks, long EndTicks);
}
