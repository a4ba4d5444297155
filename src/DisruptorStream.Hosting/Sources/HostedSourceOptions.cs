using DisruptorStream.Hosting.Validation;
using DisruptorStream.Sources;

namespace DisruptorStream.Hosting.Sources;

/// <summary>How a hosted processor reads one of its sources.</summary>
/// <remarks>They start from what the step ReadFrom says.</remarks>
public sealed class HostedSourceOptions
{
    private static readonly SourceOptions Defaults = new();

    /// <summary>Makes those of a source that is read as by default.</summary>
    public HostedSourceOptions()
        : this(Defaults)
    {
    }

    internal HostedSourceOptions(SourceOptions options)
    {
        BatchEvents = options.BatchEvents;
        OnBadRecord = options.OnBadRecord;
        RetryDelay = options.RetryDelay;
        MaxRetryDelay = options.MaxRetryDelay;
        MaxUnacknowledgedBatches = options.MaxUnacknowledgedBatches;
        Journal = options.Journal;
    }

    /// <inheritdoc cref="SourceOptions.BatchEvents" path="/summary|/remarks"/>
    [WholeRange(1, 65_536)]
    public int BatchEvents { get; set; }

    /// <inheritdoc cref="SourceOptions.OnBadRecord" path="/summary"/>
    [DefinedValue<BadRecordPolicy>]
    public BadRecordPolicy OnBadRecord { get; set; }

    /// <inheritdoc cref="SourceOptions.RetryDelay" path="/summary"/>
    [TimeRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan RetryDelay { get; set; }

    /// <inheritdoc cref="SourceOptions.MaxRetryDelay" path="/summary"/>
    [TimeRange("00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxRetryDelay { get; set; }

    /// <inheritdoc cref="SourceOptions.MaxUnacknowledgedBatches" path="/summary"/>
    [WholeRange(1, 1_024)]
    public int MaxUnacknowledgedBatches { get; set; }

    /// <inheritdoc cref="SourceOptions.Journal" path="/summary|/remarks"/>
    [DefinedValue<SourceJournal>]
    public SourceJournal Journal { get; set; }

    internal SourceOptions ToEngine() => new()
    {
        BatchEvents = BatchEvents,
        OnBadRecord = OnBadRecord,
        RetryDelay = RetryDelay,
        MaxRetryDelay = MaxRetryDelay,
        MaxUnacknowledgedBatches = MaxUnacknowledgedBatches,
        Journal = Journal,
    };
}
