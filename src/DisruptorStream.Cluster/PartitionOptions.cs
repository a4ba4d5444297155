using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Formats;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Messages;
using DisruptorStream.Sources;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Cluster;

/// <summary>Where the partitions of a query read and write, and how. Each is checked when it is set.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
public sealed record PartitionOptions<TEvent>
{
    /// <summary>The logs of input and results. It stays the caller's.</summary>
    public required IPartitionLogStore Logs { get; init => field = Given(value); }

    /// <summary>
    /// Where states are kept, so that a new owner need not read all logs. It stays the caller's. Default none.
    /// </summary>
    public ICheckpointStore? Checkpoints { get; init; }

    /// <summary>The topic of the events.</summary>
    public required string InputTopic { get; init => field = TopicNames.Checked(value); }

    /// <summary>The topic of the results: of this query alone.</summary>
    public required string OutputTopic { get; init => field = TopicNames.Checked(value); }

    /// <summary>
    /// The topic of what is left out: of this query alone, with as many partitions. Null, the default, for none: then
    /// it is only counted.
    /// </summary>
    /// <remarks>
    /// <para>
    /// A line of JSON for each event that entered no window, and each record or event that is bad and passed over:
    /// <c>query</c>, <c>partition</c>, <c>input</c> and <c>position</c> of the record that was handled, <c>index</c> of
    /// the line among those of that record, and <c>reason</c>. Of an event the key, its time as <c>ticks</c> since 1970
    /// and as <c>time</c>, and its measures follow; of a bad record the <c>message</c>.
    /// </para>
    /// <para>
    /// Lines are appended behind the record of results that says that their record was handled, and before the next
    /// one; where an owner ends between the two, the next one appends them. So none is lost, and none is of something
    /// that another owner has handled in another way. A line comes twice only where a log no longer knows the id of an
    /// append that it took (in NATS after two minutes): then position and index are the same. What the clock makes be
    /// left out has an empty <c>input</c>, and as <c>position</c> the ticks of the clock.
    /// </para>
    /// </remarks>
    public string? DroppedTopic { get; init => field = value is null ? null : TopicNames.Checked(value); }

    /// <summary>
    /// How many partitions the query has; 1 to <see cref="IPartitionLogStore.MaxPartitions"/>. Fixed for as long as the
    /// topics are there: more than there will ever be processors is a good choice.
    /// </summary>
    public required int Partitions { get; init => field = TopicNames.Checked(value); }

    /// <summary>The version of the query: 1 or more. Default 1.</summary>
    /// <remarks>
    /// Raise it with each change of the query: an owner with a higher version goes on with the state of the one before,
    /// and from then on owners with the lower one are refused. docs/scale-out.md says how.
    /// </remarks>
    public int Version { get; init => field = OptionGuard.InRange(value, 1, int.MaxValue); } = 1;

    /// <summary>How events lie in the records of the input.</summary>
    public required IEventFormat<TEvent> Format { get; init => field = Given(value); }

    /// <summary>Which partitions of the input a partition reads. Default the one of the same number.</summary>
    public InputRouting Routing { get; init => field = OptionGuard.Defined(value); }

    /// <summary>
    /// How far the watermark stays behind what records of the input say, where they are results of another query:
    /// default zero, right where the end of the window is the time; otherwise the length of its windows. Zero or more.
    /// </summary>
    public TimeSpan WatermarkDelay { get; init => field = OptionGuard.AtLeastZero(value); }

    /// <summary>
    /// What becomes of a record that is no event. Default <see cref="BadRecordPolicy.Stop"/>: the partition stays
    /// before it, and its owner fails with the reason.
    /// </summary>
    public BadRecordPolicy OnBadRecord { get; init => field = OptionGuard.Defined(value); }

    /// <summary>The most bytes of results in one record, but for a single larger one: 1 KiB to 64 MiB.</summary>
    /// <remarks>Default 512 KiB; below what the log takes.</remarks>
    public int MaxRecordBytes { get; init => field = OptionGuard.InRange(value, 1024, 64 << 20); } = 512 * 1024;

    /// <summary>How often a state is kept: 10 ms to a day. Default 10 s.</summary>
    /// <remarks>
    /// A new owner handles again what came since. A standby that follows keeps it, and the owner goes on meanwhile;
    /// where there is none, the owner stands still while the state is written down.
    /// </remarks>
    public TimeSpan CheckpointInterval
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromMilliseconds(10), TimeSpan.FromDays(1));
    } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a record of results waits at most that has no result, and only says how far the partition is: 1 ms to
    /// an hour. Default 1 s.
    /// </summary>
    public TimeSpan ProgressInterval
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.FromMilliseconds(1), TimeSpan.FromHours(1));
    } = TimeSpan.FromSeconds(1);

    /// <summary>The clock of the machine. Default <see cref="TimeProvider.System"/>.</summary>
    public TimeProvider TimeProvider { get; init => field = Given(value); } = TimeProvider.System;

    /// <summary>
    /// Told of owners that begin, end, are fenced or fail. Nothing is logged per event. Default none.
    /// </summary>
    public ILogger? Logger { get; init; }

    private static T Given<T>(T value)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(value);
        return value;
    }
}
