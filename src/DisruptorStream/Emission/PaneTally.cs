using DisruptorStream.State.Panes;
using DisruptorStream.Telemetry;
using DisruptorStream.Windows;

namespace DisruptorStream.Emission;

/// <summary>How many panes have been emitted of each of the newest windows, of all keys together.</summary>
/// <remarks>
/// The emitting thread writes, once for panes that come together; any thread reads. Each window has one place, by its
/// bounds, and a newer one takes it over.
/// </remarks>
internal sealed class PaneTally
{
    private const int Places = 64;
    private const int PlaceShift = 58;
    private const ulong Spread = 0x9E37_79B9_7F4A_7C15;

    private readonly PublishedCopy<Entry>[] _places = new PublishedCopy<Entry>[Places];

    // Of windows up to this end the count may have been lost.
    private long _lostTicks = long.MinValue;

    /// <summary>Makes an empty tally.</summary>
    public PaneTally()
    {
        for (var place = 0; place < Places; place++)
            _places[place] = new PublishedCopy<Entry>();
    }

    /// <summary>Counts panes that come together.</summary>
    public void Add(PaneGroup panes)
    {
        if (panes.SharesHeader)
        {
            Add(panes.Headers[0].StartTicks, panes.Headers[0].EndTicks, panes.Count);
            return;
        }

        foreach (ref readonly var header in panes.Headers[..panes.Count])
            Add(header.StartTicks, header.EndTicks, 1);
    }

    /// <summary>Counts panes of one window.</summary>
    public void Add(long startTicks, long endTicks, int panes)
    {
        var place = _places[PlaceOf(startTicks, endTicks)];
        ref var live = ref place.Live;
        if (live.StartTicks != startTicks || live.EndTicks != endTicks)
        {
            // Pairs with the read in Read: a count that is not found is known to be lost.
            if (live.Panes > 0)
                Volatile.Write(ref _lostTicks, Math.Max(_lostTicks, live.EndTicks));
            live = new Entry { StartTicks = startTicks, EndTicks = endTicks };
        }

        live.Panes += panes;
        place.Publish();
    }

    /// <summary>The panes of a window so far; null where they are not known any more. Any thread.</summary>
    public long? Read(TimeWindow window)
    {
        var entry = _places[PlaceOf(window.StartTicks, window.EndTicks)].Read();
        if (entry.Panes > 0 && entry.StartTicks == window.StartTicks && entry.EndTicks == window.EndTicks)
            return entry.Panes;
        return window.EndTicks > Volatile.Read(ref _lostTicks) ? 0 : null;
    }

    private static int PlaceOf(long startTicks, long endTicks) =>
        (int)((((ulong)startTicks * 31) + (ulong)endTicks) * Spread >> PlaceShift);

    private struct Entry
    {
        public long StartTicks;
        public long EndTicks;
        public long Panes;
    }
}
