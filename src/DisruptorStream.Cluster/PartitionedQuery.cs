using System.Globalization;
using DisruptorStream.Building;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Handling;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Owning;
using DisruptorStream.Cluster.Writing;
using DisruptorStream.Codecs;

namespace DisruptorStream.Cluster;

/// <summary>
/// A query of one process, cut into partitions by its keys: each is owned by one process at a time, wherever it is.
/// </summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// Immutable; any thread. Every process that has to do with the query makes an equal one. docs/scale-out.md says what
/// is promised.
/// </remarks>
public sealed class PartitionedQuery<TEvent, TKey>
    where TKey : notnull
{
    private readonly PartitionPlan<TEvent, TKey> _plan;

    /// <param name="query">
    /// The query as it would be built for one process, with all but its outputs. Its name is that of the whole; where
    /// it has none, it is the topic of the results. Its clock, logger and mode are not looked at: a partition is
    /// handled by one thread at a time, with a clock of its own.
    /// </param>
    /// <param name="options">Where it reads and writes.</param>
    /// <exception cref="ArgumentException">
    /// It has sinks, sources or durable state of its own, or settings that do not go together.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The keys cannot be saved, or have no columns; the message says why.
    /// </exception>
    public PartitionedQuery(BuildStep<TEvent, TKey> query, PartitionOptions<TEvent> options)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(options);
        if (string.Equals(options.InputTopic, options.OutputTopic, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"Input and results have the same topic, '{options.InputTopic}'; give the results one of their own.",
                nameof(options));
        }

        if (options.DroppedTopic is { } dropped
            && (string.Equals(dropped, options.InputTopic, StringComparison.Ordinal)
                || string.Equals(dropped, options.OutputTopic, StringComparison.Ordinal)))
        {
            throw new ArgumentException(
                $"What is left out has the topic '{dropped}', which is that of the input or the results; give it one "
                + "of its own.",
                nameof(options));
        }

        _plan = NewPlan(query, options, query.Name ?? options.OutputTopic);
    }

    private PartitionedQuery(PartitionPlan<TEvent, TKey> plan) => _plan = plan;

    /// <summary>The name of the query.</summary>
    public string Name => _plan.Name;

    /// <summary>Where it reads and writes.</summary>
    public PartitionOptions<TEvent> Options => _plan.Options;

    /// <summary>
    /// Decides which logs are its own: 32 hexadecimal digits, of what its results depend on. Another one is another
    /// query, and is refused by the logs of this one, unless its version is higher and it can go on with the state.
    /// </summary>
    public string Fingerprint => _plan.Fingerprint;

    /// <summary>
    /// The same query, which knows what it was before: so it handles again what its earlier versions have in the logs,
    /// also where an owner of them has died, stands by while they own, and verifies the logs from the first record on.
    /// </summary>
    /// <param name="earlier">
    /// The queries whose place it takes, with all but their outputs, in any order. Their events and keys are of the
    /// same types. One that is the same as another, or as this one, counts once.
    /// </param>
    /// <remarks>
    /// The state of the last one goes on: what both have is kept, new metrics begin empty, and what is gone is given
    /// up, as <see cref="ExplainUpgradeAsync"/> says.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// One has sinks, sources or durable state of its own.
    /// </exception>
    public PartitionedQuery<TEvent, TKey> UpgradeFrom(params ReadOnlySpan<BuildStep<TEvent, TKey>> earlier)
    {
        var next = _plan;
        foreach (var query in earlier)
        {
            ArgumentNullException.ThrowIfNull(query, nameof(earlier));
            var plan = NewPlan(query, Options, query.Name ?? Options.OutputTopic);
            if (next.Find(plan.Fingerprint) is null)
                next = next with { Earlier = [.. next.Earlier, plan] };
        }

        return new PartitionedQuery<TEvent, TKey>(next);
    }

    /// <summary>
    /// Says what an owner of this query would do with the state of a partition now: keep it, begin parts of it empty,
    /// give parts up, or refuse. Changes nothing.
    /// </summary>
    /// <param name="partition">From 0 on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <remarks>Reads the newest checkpoint and the records of results behind it.</remarks>
    /// <exception cref="DamagedCheckpointException">The newest checkpoint is damaged.</exception>
    /// <exception cref="InvalidDataException">As that, or it is of other inputs.</exception>
    /// <exception cref="Saving.StateException">Its plan is damaged, or of a newer release.</exception>
    /// <exception cref="IOException">A store is away.</exception>
    public async Task<PartitionUpgrade> ExplainUpgradeAsync(
        int partition, CancellationToken cancellationToken = default)
    {
        await using var logs = await PartitionLogs<TEvent>.OpenAsync(_plan, Checked(partition), cancellationToken)
            .ConfigureAwait(false);
        return await UpgradeExplainer.ExplainAsync(_plan, logs, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes the topics, where they are not there. Any number of processes may do so at once.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">One is there with another count of partitions.</exception>
    public async Task CreateTopicsAsync(CancellationToken cancellationToken = default)
    {
        if (Options.Routing == InputRouting.SamePartition)
        {
            await Options.Logs.CreateTopicAsync(Options.InputTopic, Options.Partitions, cancellationToken)
                .ConfigureAwait(false);
        }

        await Options.Logs.CreateTopicAsync(Options.OutputTopic, Options.Partitions, cancellationToken)
            .ConfigureAwait(false);
        if (Options.DroppedTopic is { } dropped)
            await Options.Logs.CreateTopicAsync(dropped, Options.Partitions, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The partition of a key: by a hash that is the same in every process, machine and version.</summary>
    /// <param name="key">The key.</param>
    public int PartitionOf(TKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _plan.Partitioner.PartitionOf(key);
    }

    /// <summary>What owns a partition here, once it is started.</summary>
    /// <param name="partition">From 0 on.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such partition.</exception>
    public PartitionOwner NewOwner(int partition) =>
        new PartitionOwner<TEvent, TKey>(_plan, Checked(partition), standsBy: false);

    /// <summary>
    /// What follows the owner of a partition, once it is started, with the state in memory, and takes over when it is
    /// told to.
    /// </summary>
    /// <inheritdoc cref="NewOwner"/>
    public PartitionOwner NewStandby(int partition) =>
        new PartitionOwner<TEvent, TKey>(_plan, Checked(partition), standsBy: true);

    /// <summary>What writes events to the partitions of their keys.</summary>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The query reads the results of another one.</exception>
    public PartitionWriter<TEvent> NewWriter(PartitionWriterOptions? options = null)
    {
        if (Options.Routing == InputRouting.AllPartitions)
        {
            throw new InvalidOperationException(
                $"The query '{Name}' reads all partitions of '{Options.InputTopic}', which are not cut by its keys: "
                + "write with what owns that topic.");
        }

        return new PartitionWriter<TEvent>(
            Options, one => _plan.Partitioner.PartitionOf(in one), options ?? new PartitionWriterOptions());
    }

    /// <summary>
    /// Handles a partition again from the first record on, in this process, and compares each result with the log.
    /// </summary>
    /// <param name="partition">From 0 on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>What there is. Takes as long as handling it the first time.</returns>
    /// <exception cref="PartitionDivergedException">
    /// A result is not the same, is missing, or is there twice.
    /// </exception>
    /// <exception cref="LogTruncatedException">Records are no longer kept.</exception>
    public async Task<PartitionReport> VerifyAsync(int partition, CancellationToken cancellationToken = default)
    {
        await using var logs = await PartitionLogs<TEvent>.OpenAsync(_plan, Checked(partition), cancellationToken)
            .ConfigureAwait(false);
        var retry = new LogRetry(Options.TimeProvider, static (_, _) => { });
        await using var replica = PartitionReplica<TEvent, TKey>.Open(
            _plan, logs, null, retry, static () => { });
        await replica.CatchUpAsync(cancellationToken).ConfigureAwait(false);
        return new PartitionReport
        {
            Records = replica.Records,
            Results = replica.Engine.Results.NextNumber - 1,
            Epochs = replica.Epoch,
            Position = replica.Position,
            Events = replica.Engine.Events,
            EventsDropped = replica.Engine.GetStats().EventsDropped,
            WatermarkTicks = replica.Engine.WatermarkTicks,
        };
    }

    private static PartitionPlan<TEvent, TKey> NewPlan(
        BuildStep<TEvent, TKey> query, PartitionOptions<TEvent> options, string name)
    {
        ThrowIfOwnEnds(query);
        if (options.DroppedTopic is not null)
            PendingDrops<TKey>.ThrowIfTwice(query.Definition.Measures);
        var codec = query.Definition.KeyCodec ?? KeyCodecs.Require<TKey>();
        var inline = query.WithName(name).ChangeOptions(
            static set => set with { Mode = ExecutionMode.Inline, ShardCount = 1, MeasureLatency = false });
        return new PartitionPlan<TEvent, TKey>
        {
            Name = name,
            Query = inline,
            Fingerprint = inline.ToStatePlan().Fingerprint,
            ClockMatters = query.Definition.ClockMatters,
            TickInterval = query.Definition.TickInterval,
            Partitioner = new KeyPartitioner<TEvent, TKey>(query.NewFieldReader(), codec, options.Partitions),
            Options = options,
        };
    }

    private static void ThrowIfOwnEnds(BuildStep<TEvent, TKey> query)
    {
        var definition = query.Definition;
        if (definition.Sinks.Count + definition.AsyncSinks.Count > 0)
        {
            throw Refused(
                nameof(query),
                "a sink",
                "the results of a partition go to its log, and whatever else wants them reads that");
        }

        if (definition.DroppedEventSinks.Count > 0)
        {
            throw Refused(
                nameof(query),
                "a sink for dropped events",
                "it would be called again by each next owner and standby; PartitionOptions.DroppedTopic is for them");
        }

        if (query.Sources.Count > 0)
            throw Refused(nameof(query), "a source of its own", "a partition reads the topic of its input");
        if (definition.Kept.Durable is not null)
            throw Refused(nameof(query), "DurableIn", "a partition is kept in its logs and checkpoints");
        if (definition.Kept.Recorder is not null)
            throw Refused(nameof(query), "RecordTo", "a partition can be handled again from its logs");
    }

    private static ArgumentException Refused(string parameter, string what, string why) =>
        new($"The query has {what}: {why}. Leave it out.", parameter);

    private int Checked(int partition)
    {
        if ((uint)partition < (uint)Options.Partitions)
            return partition;
        throw new ArgumentOutOfRangeException(
            nameof(partition),
            partition,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The query '{Name}' has the partitions 0 to {Options.Partitions - 1}; it was {partition}."));
    }
}
