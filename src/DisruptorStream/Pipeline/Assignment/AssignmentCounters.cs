using DisruptorStream.Events;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>What window assignment counts. One thread writes; others read all of it as of the end of a batch.</summary>
internal sealed class AssignmentCounters
{
    private readonly PublishedCopy<AssignmentFigures> _figures = new();

    public AssignmentCounters()
    {
        _figures.Live.Watermark = long.MinValue;
        _figures.Live.WatermarkMovedTicks = long.MinValue;
        _figures.Publish();
    }

    public ref long EventsProcessed => ref _figures.Live.EventsProcessed;

    public ref long EventsInNoWindow => ref _figures.Live.EventsInNoWindow;

    public ref long LateDroppedAssignments => ref _figures.Live.LateDroppedAssignments;

    public ref long WatermarkRegressions => ref _figures.Live.WatermarkRegressions;

    public void Drop(DropReason reason, int count) => _figures.Live.Dropped[(int)reason] += count;

    /// <summary>Shows the counts at the end of a batch.</summary>
    public void EndBatch(long watermark, long clock)
    {
        ref var live = ref _figures.Live;
        live.Batches++;
        if (watermark != live.Watermark)
        {
            live.Watermark = watermark;
            live.WatermarkMovedTicks = clock;
        }

        _figures.Publish();
    }

    /// <summary>Any thread.</summary>
    public AssignmentFigures Read() => _figures.Read();
}
