using DisruptorStream.Hosting.Validation;

namespace DisruptorStream.Hosting;

/// <summary>
/// The windows of a hosted processor, or of a query of a hosted stream, where they are not those that its steps say.
/// </summary>
/// <remarks>
/// Named options: by the processor's name, such as "calls", or by "stream/query", such as "calls/models". <see
/// cref="HostedProcessorStep{TEvent, TKey}.BindConfiguration(string, bool)"/> reads those of a processor from its
/// section, and those of a query from Queries:NAME in the section of its stream. Validated when the host starts, and
/// read once. Other windows make another plan: state that was saved with the windows before cannot be loaded.
/// </remarks>
public sealed class HostedQueryOptions
{
    /// <summary>
    /// The windows, as <c>dstream</c> names them: "tumbling:1m", "sliding:1h/5m", "session:30s",
    /// "silence:60s" or "calendar:day@Europe/Berlin". Default null: those of the steps.
    /// </summary>
    /// <remarks>
    /// One size, also where the steps name several. Where the steps take the time zone of each key, a calendar without
    /// a zone keeps that; elsewhere it is in UTC.
    /// </remarks>
    [WindowText]
    public string? Window { get; set; }

    /// <summary>
    /// Where the windows of <see cref="Window"/> begin, counted from 1970 in UTC; for tumbling and sliding ones.
    /// Default null: zero.
    /// </summary>
    [WindowOffset]
    public TimeSpan? WindowOffset { get; set; }

    /// <summary>
    /// How long after its end a window still takes events, zero or more. Default null: what the step of that name says,
    /// else <see cref="HostedProcessorOptions.LateEventThreshold"/>.
    /// </summary>
    [TimeRange("00:00:00")]
    public TimeSpan? AllowedLateness { get; set; }
}
