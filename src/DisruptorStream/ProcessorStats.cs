using DisruptorStream.Durability;
using DisruptorStream.Durability.Recording;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Events;
using DisruptorStream.Messages;
using DisruptorStream.Reporting;
using DisruptorStream.Sources;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;

namespace DisruptorStream;

/// <summary>What a processor, a stream or one query of a stream has done so far.</summary>
/// <remarks>
/// <para>
/// A snapshot, taken without stopping anything: the counts of a stage are all of the end of one of its batches, and
/// those of a later stage are never ahead of those of the stages before it, so that dropped events are at most the
/// processed ones, and those at most the published ones. After a flush it is exact.
/// </para>
/// <para>
/// Of a stream: what there is once counts once (events, ring, sources, watermark, latency, host failures), and what
/// each query has is the sum over the <see cref="Queries"/> (windows, results, sinks, readers, state, drops).
/// Of a query: its own, and what it shares with the others as of the stream.
/// </para>
/// </remarks>
public sealed record ProcessorStats
{
    private static readonly IReadOnlyDictionary<string, ProcessorStats> NoQueries =
        new Dictionary<string, ProcessorStats>(StringComparer.Ordinal);

    private readonly long[] _dropped;

    internal ProcessorStats(long[] dropped) => _dropped = dropped;

    /// <summary>When the snapshot was taken, by the processor's clock.</summary>
    public required DateTimeOffset Taken { get; init; }

    /// <summary>The processor's or stream's own name; of a query "stream/query".</summary>
    public required string Name { get; init; }

    /// <summary>Where the processor is in its life.</summary>
    public required ProcessorState State { get; init; }

    /// <summary>Events put into the ring, those that wait to be handled included.</summary>
    public required long EventsPublished { get; init; }

    /// <summary>Batches handled: all slots that lay ready when the first stage looked, at most 1,024 of them.</summary>
    public required long BatchesProcessed { get; init; }

    /// <summary>
    /// Events handled, dropped ones included. Of a stream those that all queries have seen, each once; of a query those
    /// that its filter took.
    /// </summary>
    public required long EventsProcessed { get; init; }

    /// <summary>
    /// Events that the filter of a stream's query refused; 0 for a processor, and for a stream as a whole, as each
    /// query has a filter of its own.
    /// </summary>
    public required long EventsFiltered { get; init; }

    /// <summary>
    /// Events that were put into the ring and will never be handled, because the processor was aborted or has failed
    /// before; 0 until it has ended.
    /// </summary>
    public required long EventsDiscarded { get; init; }

    /// <summary>Events that entered no window, for whatever reason.</summary>
    /// <remarks>
    /// Of a stream: what is refused for its time (<see cref="DropReason.FutureSkew"/>,
    /// <see cref="DropReason.TimestampOutOfRange"/>, <see cref="DropReason.AfterEnd"/>) counts once; what queries drop
    /// for themselves counts for each of them, so that the sum may exceed the events. Each query counts all that it
    /// took and dropped, for whatever reason.
    /// </remarks>
    public long EventsDropped
    {
        get
        {
            var sum = 0L;
            foreach (var count in _dropped)
                sum += count;
            return sum;
        }
    }

    /// <summary>Events that the jump guard holds now: they are handled, and have entered no window yet.</summary>
    public required long EventsHeld { get; init; }

    /// <summary>Events that came too late for all of their windows.</summary>
    public long LateDropped => DroppedBy(DropReason.Late);

    /// <summary>
    /// Pairs of an event and a window that the event came too late for, whether or not it entered others.
    /// </summary>
    public required long LateDroppedAssignments { get; init; }

    /// <summary>
    /// Pairs of an event and a window that the key had no room for, whether or not the event entered others; only with
    /// <see cref="WindowOverflowPolicy.RejectEvent"/>.
    /// </summary>
    public required long WindowLimitDroppedAssignments { get; init; }

    /// <summary>Events between the windows, where the slide is above the size. They do not count as dropped.</summary>
    public required long EventsInNoWindow { get; init; }

    /// <summary>
    /// Events that a weighted metric (<c>Top</c> or <c>Distinct</c> with a weight) left out because their weight was
    /// below zero: once for each such metric, and each slice or window of its own that the event is folded into. They
    /// do not count as dropped.
    /// </summary>
    public long NegativeWeights { get; init; }

    /// <summary>Slices, windows or sessions opened, as <see cref="ExplainPlan.Store"/> keeps them.</summary>
    public required long WindowsCreated { get; init; }

    /// <summary>Panes fired, the retractions left out.</summary>
    public required long WindowsFired { get; init; }

    /// <summary>
    /// Of the <see cref="WindowsFired"/>, those that late events caused, in this process: what was fired before a saved
    /// state was loaded is not among them.
    /// </summary>
    public long LatePanes { get; init; }

    /// <summary>Slices, windows or sessions open now.</summary>
    public required long ActiveWindows { get; init; }

    /// <summary>
    /// As many windows as a key may have: <see cref="ActiveWindows"/> stays below this for each of the
    /// <see cref="Keys"/>, unless slices are shared.
    /// </summary>
    public required int MaxWindowsPerKey { get; init; }

    /// <summary>Windows given up because of a limit.</summary>
    public required long WindowsEvicted { get; init; }

    /// <summary>
    /// The median time from the publication of the event, or tick, that fired a result to the call of the sinks with
    /// it, over the last 50 to 60 seconds; null where no result was timed in them.
    /// </summary>
    /// <remarks>
    /// Right within a thirty-second. Where claims of events come faster than one in four microseconds, some are timed
    /// and stand for the others. Null too where <see cref="StreamProcessorOptions.MeasureLatency"/> is off.
    /// </remarks>
    public required TimeSpan? LatencyP50 { get; init; }

    /// <summary>The 95th percentile of the same times as <see cref="LatencyP50"/>.</summary>
    public required TimeSpan? LatencyP95 { get; init; }

    /// <summary>The 99th percentile of the same times as <see cref="LatencyP50"/>.</summary>
    public required TimeSpan? LatencyP99 { get; init; }

    /// <summary>
    /// Results delivered, the retractions left out: every sink has had them, and where there is none, or a reader, they
    /// are in the result buffer, or read. A batch that a sink skips counts too; see <see cref="SinkSkips"/>. An
    /// asynchronous sink has them in its queue, or has written them; see <see cref="AsyncSinks"/>.
    /// </summary>
    public required long ResultsEmitted { get; init; }

    /// <summary>
    /// Panes that were fired and are no results, as the condition of the query (<c>Having</c>) is not true of them;
    /// retractions of such panes are left out.
    /// </summary>
    public required long ResultsSuppressed { get; init; }

    /// <summary>
    /// Results that were fired and reached nobody, or not all whom they were for, because the processor was aborted or
    /// has failed before; 0 until it has ended. The <see cref="RetractionsDiscarded"/> are left out: with
    /// <see cref="ResultsEmitted"/> and <see cref="ResultsSuppressed"/> it is <see cref="WindowsFired"/> then; but for
    /// queries with Top, whose panes that are in no list count here no more than in the <see cref="ResultsEmitted"/>.
    /// </summary>
    public required long ResultsDiscarded { get; init; }

    /// <summary>Retractions delivered.</summary>
    public required long Retractions { get; init; }

    /// <summary>
    /// Retractions that reached nobody, or not all whom they were for, because the processor was aborted or has failed
    /// before; 0 until it has ended. They are not among the <see cref="ResultsDiscarded"/>.
    /// </summary>
    public required long RetractionsDiscarded { get; init; }

    /// <summary>Dropped events handed to a sink.</summary>
    public required long DroppedEventsRouted { get; init; }

    /// <summary>Failures of the user's aggregates and assigners.</summary>
    public required long UserFailures { get; init; }

    /// <summary>
    /// Calls of the host's logger, clock, meter listeners and activity listeners that threw. The processor goes on: a
    /// line, a measurement or an activity is lost, and a clock stands until it can be read again.
    /// </summary>
    public required long HostFailures { get; init; }

    /// <summary>Calls of sinks that threw, retries included.</summary>
    public required long SinkFailures { get; init; }

    /// <summary>Calls of sinks made because the one before threw.</summary>
    public required long SinkRetries { get; init; }

    /// <summary>
    /// Failed calls in a row of the sink that has most of them now; 0 where the last call of every sink went well.
    /// </summary>
    public required long ConsecutiveSinkFailures { get; init; }

    /// <summary>When a call of a sink last threw; null for never.</summary>
    public required DateTimeOffset? LastSinkFailure { get; init; }

    /// <summary>Batches and dropped events that a sink went without.</summary>
    public required long SinkSkips { get; init; }

    /// <summary>What each asynchronous sink has done so far, in the order in which they were added.</summary>
    public required IReadOnlyList<AsyncSinkStats> AsyncSinks { get; init; }

    /// <summary>How often the emitting thread was held by a full result buffer.</summary>
    public required long ResultBufferBlocks { get; init; }

    /// <summary>How long the emitting thread was held by a full result buffer, the present wait left out.</summary>
    public required TimeSpan ResultBufferBlockedTime { get; init; }

    /// <summary>Results in the buffer now.</summary>
    public required int BufferedResults { get; init; }

    /// <summary>What each result reader has done so far, in the order in which they were created.</summary>
    public required IReadOnlyList<ResultReaderStats> ResultReaders { get; init; }

    /// <summary>
    /// Results that result readers, also those that were disposed, will never give: dropped because a buffer was full,
    /// or left in it.
    /// </summary>
    public required long ReaderDroppedResults { get; init; }

    /// <summary>The combined watermark in ticks since the Unix epoch; null for none yet.</summary>
    public required long? WatermarkTicks { get; init; }

    /// <summary>
    /// How far the combined watermark is behind the clock; negative where events are ahead of it. Null where there is
    /// none yet, and after the end of input.
    /// </summary>
    public TimeSpan? WatermarkLag => LagOf(WatermarkTicks);

    /// <summary>
    /// When the combined watermark last moved, by the newest clock tick before that; null for not yet.
    /// </summary>
    public required DateTimeOffset? WatermarkMoved { get; init; }

    /// <summary>
    /// The source that the combined watermark waits for: the first of those with the lowest watermark. Null where no
    /// source is active.
    /// </summary>
    public string? WatermarkHeldBy
    {
        get
        {
            foreach (var source in Sources)
            {
                if (source.HoldsWatermark)
                    return source.Name;
            }

            return null;
        }
    }

    /// <summary>The sources and how far each has come, in the order in which they were added.</summary>
    public required IReadOnlyList<SourceWatermark> Sources { get; init; }

    /// <summary>
    /// The sources that it reads by itself (<c>ReadFrom</c>), in the order in which they were added. Of a stream as a
    /// whole, and of none of its queries by itself.
    /// </summary>
    public IReadOnlyList<SourceReaderStats> Readers { get; init; } = [];

    /// <summary>Explicit watermarks that went back, and were ignored.</summary>
    public required long WatermarkRegressions { get; init; }

    /// <summary>
    /// Keys known now. Of a stream those of all key names together, each once, however many queries group by it; of a
    /// query those of the name that it groups by, which other queries may share.
    /// </summary>
    public required int Keys { get; init; }

    /// <summary>
    /// Bytes of native memory that windows have taken from the system for what they hold; the directories of keys, a
    /// few bytes for each, are not counted.
    /// </summary>
    public required long StateBytes { get; init; }

    /// <summary>Slots of the ring.</summary>
    public required int RingCapacity { get; init; }

    /// <summary>How long publishers have waited for room in the ring, all of them together.</summary>
    public required TimeSpan BackPressureTime { get; init; }

    /// <summary>
    /// Its journal and its snapshots; null where it is not durable. Of a stream as a whole, and of none of its queries
    /// by itself.
    /// </summary>
    public DurabilityStats? Durability { get; init; }

    /// <summary>Its flight recorder; null where it has none. As <see cref="Durability"/> of a stream.</summary>
    public FlightRecorderStats? FlightRecorder { get; init; }

    /// <summary>
    /// Slots of the ring that wait to be handled; 0 once the processor has ended, as nothing waits any more: what an
    /// abort or a failure left is <see cref="EventsDiscarded"/>.
    /// </summary>
    public required long RingBacklog { get; init; }

    /// <summary>
    /// Of a stream, the same of each query by its name, in the order of the queries; empty for a processor and a query.
    /// </summary>
    public IReadOnlyDictionary<string, ProcessorStats> Queries { get; init; } = NoQueries;

    /// <summary>
    /// Slots of the ring that were not handled, whether they wait or the processor has ended without them.
    /// </summary>
    internal long UnhandledSlots { get; init; }

    /// <summary>What <see cref="ActiveWindows"/> and <see cref="WindowsCreated"/> count: a word for people.</summary>
    internal string CountedAs { get; init; } = "windows";

    /// <summary>How far the watermark of a source is behind the clock; as <see cref="WatermarkLag"/>.</summary>
    /// <param name="source">One of the <see cref="Sources"/>.</param>
    public TimeSpan? LagOf(SourceWatermark source) => LagOf(source.WatermarkTicks);

    /// <summary>Events dropped for a reason.</summary>
    /// <param name="reason">The reason.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not one of the reasons.</exception>
    public long DroppedBy(DropReason reason) => _dropped[(int)OptionGuard.Defined(reason, nameof(reason))];

    /// <summary>The figures as text for people, a line for each point; what never happened is left out.</summary>
    public override string ToString() => StatsText.Of(this);

    /// <summary>
    /// Results fired and not delivered yet, also while it runs; at its end they are the <see cref="ResultsDiscarded"/>.
    /// </summary>
    internal long ResultsUndelivered { get; init; }

    private TimeSpan? LagOf(long? watermarkTicks) => watermarkTicks is null or long.MaxValue
        ? null
        : TimeSpan.FromTicks(TickMath.SaturatingSubtract(
            Taken.UtcTicks - DateTime.UnixEpoch.Ticks, watermarkTicks.Value));
}
