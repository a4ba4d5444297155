using DisruptorStream.Events;

namespace DisruptorStream.Hosting.Health;

/// <summary>What a processor did of late: since a check that is old enough, and has enough events since.</summary>
/// <remarks>
/// There are two bases. The older is compared with; the newer takes its place once it would do as well. So a slow
/// stream is judged over as long as it takes, and all who ask within an interval compare with the same.
/// </remarks>
internal sealed class RecentFigures
{
    private readonly ProcessorHealthOptions _options;
    private Counts _older;
    private Counts _newer;

    public RecentFigures(ProcessorHealthOptions options) => _options = options;

    /// <summary>The part of the events that was dropped; null where there are too few to tell.</summary>
    public double? DropRate { get; private set; }

    /// <summary>Windows that were given up because of a limit.</summary>
    public long WindowsEvicted { get; private set; }

    /// <summary>Events that were dropped because there were too many windows, or slices, already.</summary>
    public long EventsRefused { get; private set; }

    /// <summary>Events that were dropped because they were far ahead of their sources.</summary>
    public long JumpsRefused { get; private set; }

    /// <summary>Panes that late events caused.</summary>
    public long LatePanes { get; private set; }

    /// <summary>Events that were handled.</summary>
    public long Events { get; private set; }

    /// <param name="stats">What the processor has done.</param>
    /// <param name="now">The time since the beginning.</param>
    public void Observe(ProcessorStats stats, TimeSpan now)
    {
        var counts = new Counts(
            now,
            stats.EventsProcessed,
            stats.EventsDropped,
            stats.WindowsEvicted,
            stats.DroppedBy(DropReason.WindowLimit) + stats.DroppedBy(DropReason.SliceLimit),
            stats.DroppedBy(DropReason.TimestampJump),
            stats.LatePanes);
        if (now - _newer.Time >= _options.MinimumInterval
            && counts.Processed - _newer.Processed >= _options.MinimumEvents)
        {
            _older = _newer;
            _newer = counts;
        }

        var processed = counts.Processed - _older.Processed;
        DropRate = processed < _options.MinimumEvents ? null : (double)(counts.Dropped - _older.Dropped) / processed;
        WindowsEvicted = counts.Evicted - _older.Evicted;
        EventsRefused = counts.Refused - _older.Refused;
        JumpsRefused = counts.Jumped - _older.Jumped;
        LatePanes = counts.LatePanes - _older.LatePanes;
        Events = processed;
    }

    private readonly record struct Counts(
        TimeSpan Time, long Processed, long Dropped, long Evicted, long Refused, long Jumped, long LatePanes);
}
