using DisruptorStream.Messages;

namespace DisruptorStream.Sources;

/// <summary>How a source is read.</summary>
public sealed record SourceOptions
{
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);

    /// <summary>Events that are read at once: 1 to 65,536. Default 1,024.</summary>
    /// <remarks>
    /// The position is kept once for each read. After a crash at most so many events are read again, and left out.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int BatchEvents { get; init => field = OptionGuard.InRange(value, 1, 65_536); } = 1_024;

    /// <summary>What becomes of it at a record that is no event. Default <see cref="BadRecordPolicy.Stop"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the policies.</exception>
    public BadRecordPolicy OnBadRecord { get; init => field = OptionGuard.Defined(value); }

    /// <summary>
    /// How long it waits after a failure before it is opened again: 1 ms to 1 day. Twice as long after each further
    /// one, up to <see cref="MaxRetryDelay"/>. Default 1 s.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public TimeSpan RetryDelay
    {
        get;
        init => field = OptionGuard.InRange(value, ShortestDelay, LongestDelay);
    } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait after a failure: 1 ms to 1 day. Default 30 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public TimeSpan MaxRetryDelay
    {
        get;
        init => field = OptionGuard.InRange(value, ShortestDelay, LongestDelay);
    } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Of a source that is acknowledged, how many reads may wait to be durable while it is read on: 1 to 1,024.
    /// Default 16.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int MaxUnacknowledgedBatches { get; init => field = OptionGuard.InRange(value, 1, 1_024); } = 16;

    /// <summary>
    /// What the journal keeps of the events. Default <see cref="SourceJournal.Events"/>. <see
    /// cref="SourceJournal.Order"/> is for sources that seek, with <c>DurableIn</c> and <see
    /// cref="Durability.SnapshotMethod.Copy"/>, and not where windows go by the clock.
    /// </summary>
    /// <remarks>
    /// With <see cref="SourceJournal.Order"/> a recovery waits for events of the source that do not come for at most
    /// <see cref="MaxRetryDelay"/>, and opens a source that fails up to five times in a row, with waits as above.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the kinds.</exception>
    public SourceJournal Journal { get; init => field = OptionGuard.Defined(value); }

    /// <summary>The wait after so many failures in a row.</summary>
    internal TimeSpan DelayAfter(int failures)
    {
        var longest = MaxRetryDelay > RetryDelay ? MaxRetryDelay : RetryDelay;
        var delay = RetryDelay * Math.Pow(2, Math.Min(failures - 1, 30));
        return delay < longest ? delay : longest;
    }
}
