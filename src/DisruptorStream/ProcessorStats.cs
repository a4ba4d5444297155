using DisruptorStream.Events;

namespace DisruptorStream;

/// <summary>
/// What a processor has done so far. A snapshot: each number is right, but they are not of one instant.
/// </summary>
public sealed record ProcessorStats
{
    private readonly long[] _dropped;

    internal ProcessorStats(long[] dropped) => _dropped = dropped;

    /// <summary>Events handled, dropped ones included.</summary>
    public required long EventsProcessed { get; init; }

    /// <summary>Events that entered no window, for whatever reason.</summary>
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

    /// <summary>Events that came too late for all of their windows.</summary>
    public long LateDropped => DroppedBy(DropReason.Late);

    /// <summary>
    /// Pairs of an event and a window that the event came too late for, whether or not it entered others.
    /// </summary>
    public required long LateDroppedAssignments { get; init; }

    /// <summary>Events between the windows, where the slide is above the size. They do not count as dropped.</summary>
    public required long EventsInNoWindow { get; init; }

    /// <summary>Slices, windows or sessions opened, as <see cref="ExplainPlan.Store"/> keeps them.</summary>
    public required long WindowsCreated { get; init; }

    /// <summary>Panes fired, the retractions left out.</summary>
    public required long WindowsFired { get; init; }

    /// <summary>Slices, windows or sessions open now.</summary>
    public required long ActiveWindows { get; init; }

    /// <summary>Windows given up because of a limit.</summary>
    public required long WindowsEvicted { get; init; }

    /// <summary>Results delivered, the retractions left out.</summary>
    public required long ResultsEmitted { get; init; }

    /// <summary>Retractions delivered.</summary>
    public required long Retractions { get; init; }

    /// <summary>Dropped events handed to a sink.</summary>
    public required long DroppedEventsRouted { get; init; }

    /// <summary>Failures of the user's aggregates and assigners.</summary>
    public required long UserFailures { get; init; }

    /// <summary>Calls of sinks that threw, retries included.</summary>
    public required long SinkFailures { get; init; }

    /// <summary>Batches and dropped events that a sink went without.</summary>
    public required long SinkSkips { get; init; }

    /// <summary>How often the emitting thread was held by a full result buffer.</summary>
    public required long ResultBufferBlocks { get; init; }

    /// <summary>Results in the buffer now.</summary>
    public required int BufferedResults { get; init; }

    /// <summary>The combined watermark in ticks since the Unix epoch; null for none yet.</summary>
    public required long? WatermarkTicks { get; init; }

    /// <summary>Explicit watermarks that went back, and were ignored.</summary>
    public required long WatermarkRegressions { get; init; }

    /// <summary>Keys known now.</summary>
    public required int Keys { get; init; }

    /// <summary>
    /// Bytes of native memory that windows have taken from the system for what they hold; the directories of keys, a
    /// few bytes for each, are not counted.
    /// </summary>
    public required long StateBytes { get; init; }

    /// <summary>Slots of the ring that wait to be handled.</summary>
    public required long RingBacklog { get; init; }

    /// <summary>Events dropped for a reason.</summary>
    /// <param name="reason">The reason.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not one of the reasons.</exception>
    public long DroppedBy(DropReason reason) => _dropped[(int)OptionGuard.Defined(reason, nameof(reason))];
}
