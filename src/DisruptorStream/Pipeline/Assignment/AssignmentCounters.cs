using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Jumps;
using DisruptorStream.Saving;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>What window assignment counts. One thread writes; others read all of it as of the end of a batch.</summary>
internal sealed class AssignmentCounters
{
    private const int Figures = 11;
    private const int LaterFigures = 1;

    private readonly PublishedCopy<AssignmentFigures> _figures = new();

    public AssignmentCounters()
    {
        _figures.Live.WatermarkTicks = long.MinValue;
        _figures.Live.WatermarkMovedTicks = long.MinValue;
        _figures.Publish();
    }

    public ref long EventsProcessed => ref _figures.Live.EventsProcessed;

    /// <summary>Events that the query's filter refused.</summary>
    public ref long EventsFiltered => ref _figures.Live.EventsFiltered;

    public ref long EventsInNoWindow => ref _figures.Live.EventsInNoWindow;

    public ref long LateDroppedAssignments => ref _figures.Live.LateDroppedAssignments;

    /// <summary>Slices that have been opened, where the stores share them.</summary>
    public ref long SlicesOpened => ref _figures.Live.SlicesOpened;

    /// <summary>Slices that have expired, where the stores share them.</summary>
    public ref long SlicesClosed => ref _figures.Live.SlicesClosed;

    public ref long WatermarkRegressions => ref _figures.Live.WatermarkRegressions;

    /// <summary>Events that only the windows of the query have no time for.</summary>
    public ref long OutOfOwnRange => ref _figures.Live.OutOfOwnRange;

    /// <summary>Events handled so far, those that the filter refused too.</summary>
    public long EventsHandled => EventsProcessed + EventsFiltered;

    /// <summary>Events dropped for a reason so far. For the writer.</summary>
    public long DroppedBy(DropReason reason) => _figures.Live.Dropped[(int)reason];

    public void Drop(DropReason reason, int count) => _figures.Live.Dropped[(int)reason] += count;

    public void NoteJump(in JumpedSlot jumped)
    {
        _figures.Live.Jumps++;
        _figures.Live.NewestJump = jumped;
    }

    /// <summary>An event was refused as too far ahead of the clock.</summary>
    public void NoteSkew(long timestampTicks) => _figures.Live.NewestSkewTicks = timestampTicks;

    /// <summary>Events were too late; this is the time of the first of them.</summary>
    public void NoteLate(long timestampTicks) => _figures.Live.NewestLateTicks = timestampTicks;

    /// <summary>
    /// Counts an event that is refused for its time, whether or not the query's filter takes it: what the stream as a
    /// whole has refused. Other reasons are the query's own.
    /// </summary>
    public void RefuseForTime(DropReason reason)
    {
        switch (reason)
        {
            case DropReason.FutureSkew:
                _figures.Live.FutureSkews++;
                break;
            case DropReason.TimestampOutOfRange:
                _figures.Live.OutOfRange++;
                break;
            case DropReason.AfterEnd:
                _figures.Live.AfterEnd++;
                break;
            case DropReason.TimestampJump:
                _figures.Live.JumpsRefused++;
                break;
            default:
                break;
        }
    }

    /// <summary>Shows the counts at the end of a batch.</summary>
    /// <param name="watermark">The watermark now.</param>
    /// <param name="clock">The time of day now.</param>
    /// <param name="held">The events that the jump guard holds now.</param>
    public void EndBatch(long watermark, long clock, int held)
    {
        _figures.Live.EventsHeld = held;
        CountBatch(watermark, clock);
        _figures.Publish();
    }

    /// <summary>As <see cref="EndBatch"/>, for one event that changes nothing but what is written here.</summary>
    public void EndOne(long watermark, long clock)
    {
        CountBatch(watermark, clock);
        ref readonly var live = ref _figures.Live;
        ref var shown = ref _figures.BeginChange();
        shown.EventsProcessed = live.EventsProcessed;
        shown.Batches = live.Batches;
        shown.WatermarkTicks = live.WatermarkTicks;
        shown.WatermarkMovedTicks = live.WatermarkMovedTicks;
        _figures.EndChange();
    }

    /// <summary>
    /// Writes what does not depend on how the slots were cut into batches: not how many batches there were.
    /// </summary>
    public void Save(StateWriter writer)
    {
        writer.WriteCount(Figures + DropCounts.Reasons + LaterFigures);
        for (var index = 0; index < Figures + DropCounts.Reasons + LaterFigures; index++)
            writer.WriteCount(this[index]);
    }

    /// <param name="reader">Where from.</param>
    /// <param name="watermark">The watermark that was saved.</param>
    /// <param name="clock">The time of day that was saved: the watermark counts as having moved just then.</param>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public void Load(StateReader reader, long watermark, long clock)
    {
        if (clock != long.MinValue && !EventTime.IsExpressible(clock))
            throw reader.Invalid($"the clock is at {clock} ticks, which is no date");
        var counted = reader.ReadCount(1, "counts", Figures + DropCounts.Reasons + LaterFigures);
        for (var index = 0; index < counted; index++)
            this[index] = reader.ReadNumber(long.MaxValue, "a count");

        // Without this figure there was one query, which counted them all.
        if (counted <= Figures + DropCounts.Reasons)
            _figures.Live.JumpsRefused = DroppedBy(DropReason.TimestampJump);
        _figures.Live.WatermarkTicks = watermark;
        _figures.Live.WatermarkMovedTicks = clock;
        _figures.Publish();
    }

    /// <summary>Counts from here on what another query has counted of the events of all.</summary>
    /// <param name="other">What the other one counted.</param>
    /// <param name="watermark">The watermark now.</param>
    /// <param name="clock">The time of day now: the watermark counts as having moved just then.</param>
    public void GoOnWith(AssignmentCounters other, long watermark, long clock)
    {
        // What came before it was there is nothing that it has taken.
        EventsFiltered = other.EventsHandled;
        WatermarkRegressions = other.WatermarkRegressions;
        _figures.Live.FutureSkews = other._figures.Live.FutureSkews;
        _figures.Live.OutOfRange = other._figures.Live.OutOfRange;
        _figures.Live.AfterEnd = other._figures.Live.AfterEnd;
        _figures.Live.JumpsRefused = other._figures.Live.JumpsRefused;
        _figures.Live.WatermarkTicks = watermark;
        _figures.Live.WatermarkMovedTicks = clock;
        _figures.Publish();
    }

    /// <summary>Shows how many events a loaded jump guard holds, before the first batch.</summary>
    public void ShowHeld(int held)
    {
        _figures.Live.EventsHeld = held;
        _figures.Publish();
    }

    /// <summary>Any thread.</summary>
    public AssignmentFigures Read() => _figures.Read();

    private void CountBatch(long watermark, long clock)
    {
        ref var live = ref _figures.Live;
        live.Batches++;
        if (watermark == live.WatermarkTicks)
            return;
        live.WatermarkTicks = watermark;
        live.WatermarkMovedTicks = clock;
    }

    /// <summary>The counts in the order in which they are saved.</summary>
    private ref long this[int index]
    {
        get
        {
            switch (index)
            {
                case 0:
                    return ref EventsProcessed;
                case 1:
                    return ref EventsInNoWindow;
                case 2:
                    return ref LateDroppedAssignments;
                case 3:
                    return ref WatermarkRegressions;
                case 4:
                    return ref SlicesOpened;
                case 5:
                    return ref SlicesClosed;
                case 6:
                    return ref EventsFiltered;
                case 7:
                    return ref _figures.Live.FutureSkews;
                case 8:
                    return ref _figures.Live.OutOfRange;
                case 9:
                    return ref _figures.Live.AfterEnd;
                case 10:
                    return ref OutOfOwnRange;
                case Figures + DropCounts.Reasons:
                    return ref _figures.Live.JumpsRefused;
                default:
                    return ref _figures.Live.Dropped[index - Figures];
            }
        }
    }
}
