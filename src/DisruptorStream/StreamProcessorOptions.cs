using DisruptorStream.Events;
using DisruptorStream.Messages;
using DisruptorStream.Rings;
using DisruptorStream.Windows;

namespace DisruptorStream;

/// <summary>The settings of a processor. Each is checked when it is set; a record once made is valid.</summary>
public sealed record StreamProcessorOptions
{
    /// <summary>
    /// Events within <see cref="LateEventThreshold"/> after their window's end still count. Default true.
    /// </summary>
    public bool AllowLateEvents { get; init; } = true;

    /// <summary>
    /// Allowed lateness: how far the watermark may have passed a window's end for the window still to take events.
    /// Zero or more; default 5 minutes; taken as zero when <see cref="AllowLateEvents"/> is false.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan LateEventThreshold
    {
        get;
        init => field = OptionGuard.AtLeastZero(value);
    } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The cadence of clock ticks, which drive processing time, idle sources and delayed triggers. Watermarks follow
    /// every event and do not wait for it. 1 ms to 1 hour; default 1 second. A shorter trigger delay or idle time-out
    /// shortens it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan WatermarkInterval
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
    } = TimeSpan.FromSeconds(1);

    /// <summary>How long a key without state or events keeps its id. At least 1 second; default 1 hour.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1 second.</exception>
    public TimeSpan WindowRetention
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromSeconds(1), TimeSpan.MaxValue);
    } = TimeSpan.FromHours(1);

    /// <summary>
    /// Windows stored apart for one key at a time: sessions, custom windows, and windows with early, discarding or
    /// retracting panes. 1 to 1,048,576; default 1000. Windows over shared slices are bounded by <see
    /// cref="MaxSlices"/>. A window counts until the watermark has expired it.
    /// </summary>
    /// <remarks>Fewer than the windows of one event are refused when the processor is built.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxWindowsPerKey { get; init => field = OptionGuard.InRange(value, 1, 1 << 20); } = 1000;

    /// <summary>
    /// What happens at <see cref="MaxWindowsPerKey"/>. Default <see cref="WindowOverflowPolicy.EvictOldest"/>.
    /// </summary>
    public WindowOverflowPolicy WindowOverflow { get; init => field = OptionGuard.Defined(value); }

    /// <summary>
    /// Slices of time that may be open at once; an event that would open one more is dropped with
    /// <see cref="DropReason.SliceLimit"/>. 1 to 16,777,216; default 65,536.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxSlices { get; init => field = OptionGuard.InRange(value, 1, 1 << 24); } = 65_536;

    /// <summary>
    /// Keys that may be live at once; an event of a further one is dropped with <see cref="DropReason.KeyLimit"/>.
    /// 1 to 1,073,741,824; default 16,777,216.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int MaxKeys { get; init => field = OptionGuard.InRange(value, 1, 1 << 30); } = 1 << 24;

    /// <summary>
    /// Results that the asynchronous stream, or an Inline processor's buffer, holds before it pushes back.
    /// 1 to 16,777,216; default 1000.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int ResultBufferSize { get; init => field = OptionGuard.InRange(value, 1, 1 << 24); } = 1000;

    /// <summary>
    /// How far ahead of the clock an event may be stamped before it is refused with <see
    /// cref="DropReason.FutureSkew"/>, so that one bad clock cannot run the watermark away. Null switches the guard
    /// off, for replays. At least zero; default 5 minutes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan? FutureSkewLimit
    {
        get;
        init => field = value is null ? null : OptionGuard.AtLeastZero(value.Value);
    } = TimeSpan.FromMinutes(5);

    /// <summary>What becomes of NaN and infinite measures. Default <see cref="NonFinitePolicy.RejectEvent"/>.</summary>
    public NonFinitePolicy NonFinite { get; init => field = OptionGuard.Defined(value); }

    /// <summary>Slots of the ring, in events: a power of two, 64 to 67,108,864. Default 65,536.</summary>
    /// <remarks>All slots are allocated when the processor is built; a full ring blocks its publishers.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range or is not a power of two.</exception>
    public int RingCapacity { get; init => field = OptionGuard.PowerOfTwo(value, 64, 1 << 26); } = 65_536;

    /// <summary>On which threads the stages run. Default <see cref="ExecutionMode.Auto"/>.</summary>
    public ExecutionMode Mode { get; init => field = OptionGuard.Defined(value); }

    /// <summary>
    /// Shards of the aggregation, each on its own thread: a power of two, 1 to 64; default 1. More than one needs
    /// <see cref="ExecutionMode.Staged"/>, or <see cref="ExecutionMode.Auto"/>, which then is Staged. A stream divides
    /// its work by queries, not by keys, and takes 1 alone.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range or is not a power of two.</exception>
    public int ShardCount { get; init => field = OptionGuard.PowerOfTwo(value, 1, 64); } = 1;

    /// <summary>How threads wait for each other. Default <see cref="WaitStrategyKind.Adaptive"/>.</summary>
    public WaitStrategyKind WaitStrategy { get; init => field = OptionGuard.Defined(value); }

    /// <summary>
    /// How long <see cref="IAsyncDisposable.DisposeAsync"/>, and a stop whose token is cancelled, wait for the worker
    /// threads before control returns regardless; and how long every other wait for the engine goes on while nothing
    /// moves at all, before it ends with an <see cref="Emission.EngineHeldException"/>. 1 ms to 1 hour; default
    /// 5 seconds.
    /// </summary>
    /// <remarks>Longer than the longest call of a sink.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public TimeSpan ShutdownTimeout
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
    } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether the time from publication to result is measured, for <see cref="ProcessorStats.LatencyP99"/> and its
    /// neighbours. Default true; it costs less than one part in a hundred.
    /// </summary>
    public bool MeasureLatency { get; init; } = true;

    /// <summary>
    /// How many steps of the watermark past the end of a window are kept, and as many runs of events that came too
    /// late, so that <see cref="EventProcessor.WhyNoResult"/> and its neighbours can name what moved it: 0 to 65,536.
    /// Default 512. 0 keeps nothing, and costs nothing.
    /// </summary>
    /// <remarks>
    /// About 100 bytes for each step and query. It is written once where the watermark passes the end of a window, and
    /// once for a run of events, never for an event.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int WatermarkHistory
    {
        get;
        init => field = OptionGuard.InRange(value, 0, 65_536);
    } = 512;

    /// <summary>
    /// One batch of this many is an activity of the source "DisruptorStream", where somebody listens to it: a batch
    /// of slots that is handled, and a batch of results that is delivered. 1 to 1,073,741,824; default 64.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int BatchesPerTrace { get; init => field = OptionGuard.InRange(value, 1, 1 << 30); } = 64;

    /// <summary>Allowed lateness as the engine uses it.</summary>
    internal long AllowedLatenessTicks => AllowLateEvents ? LateEventThreshold.Ticks : 0;
}
