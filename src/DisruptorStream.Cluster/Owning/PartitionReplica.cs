using System.Globalization;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Handling;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Owning.Keeping;
using DisruptorStream.Saving;

namespace DisruptorStream.Cluster.Owning;

/// <summary>
/// A partition as its log of results says it is: the query has handled what the records say, in their order, and has
/// given what they hold. Where another query goes on in the log, its state is made over at that record.
/// </summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>One caller at a time; what is said so, any thread reads.</remarks>
internal sealed class PartitionReplica<TEvent, TKey> : IAsyncDisposable
    where TKey : notnull
{
    private readonly PartitionPlan<TEvent, TKey> _plan;
    private readonly PartitionLogs<TEvent> _logs;
    private readonly InputReader<TEvent>[] _readers;
    private readonly IPartitionLog _output;
    private PartitionEngine<TEvent, TKey> _engine;
    private EngineState? _unknown;
    private PartitionPlanException? _whyNot;
    private bool _isOffered;
    private bool _endsWithTick;
    private long _position;
    private long _epoch;

    /// <param name="plan">The query.</param>
    /// <param name="logs">What it reads and writes.</param>
    /// <param name="content">Where it goes on; null for the start.</param>
    /// <param name="stored">The checkpoint with that content; null for none.</param>
    /// <param name="retry">Tries again.</param>
    /// <param name="onRecord">Called when an input has more. Any thread.</param>
    private PartitionReplica(
        PartitionPlan<TEvent, TKey> plan,
        PartitionLogs<TEvent> logs,
        CheckpointContent? content,
        StoredCheckpoint? stored,
        LogRetry retry,
        Action onRecord)
    {
        (_plan, _logs, _output) = (plan, logs, logs.Output);
        _engine = content is null ? NewEngine(plan, null) : Open(content);
        if (stored is not null && content is not null)
        {
            (_position, _epoch) = (stored.Checkpoint.Position, stored.Checkpoint.Epoch);
            Version = content.QueryVersion;
        }

        _readers = new InputReader<TEvent>[logs.Inputs.Count];
        for (var input = 0; input < _readers.Length; input++)
        {
            _readers[input] = new InputReader<TEvent>(
                logs.Inputs[input], content?.Positions[input] ?? 0, retry, onRecord);
        }
    }

    /// <summary>The query: that of the log's end, which may be an earlier one. Any thread.</summary>
    public PartitionEngine<TEvent, TKey> Engine => Volatile.Read(ref _engine);

    /// <summary>The highest version of the query that has written to the log; 0 for none.</summary>
    public int Version { get; private set; }

    /// <summary>The inputs.</summary>
    public IReadOnlyList<InputReader<TEvent>> Readers => _readers;

    /// <summary>The position of the last record of results that is in. Any thread.</summary>
    public long Position => Volatile.Read(ref _position);

    /// <summary>How many records of results were handled again.</summary>
    public long Records { get; private set; }

    /// <summary>Its epoch; 0 for none. Any thread.</summary>
    public long Epoch => Volatile.Read(ref _epoch);

    /// <summary>
    /// Whether a standby may keep its state now: the owner has offered it, all results are in the log, what was left
    /// out is in its topic, and the last step was one of the clock, as it is the first one of who loads it.
    /// </summary>
    public bool CanSave => _isOffered && _endsWithTick && _unknown is null && _engine.Results.Count == 0
        && Drops.Count == 0;

    /// <summary>
    /// What was left out for the last records of results, by their positions: it may not be in its topic yet.
    /// </summary>
    public Queue<(long Position, IReadOnlyList<LogRecord> Records)> Drops { get; } = new();

    /// <summary>Begins where a checkpoint says, or at the start.</summary>
    /// <param name="plan">The query.</param>
    /// <param name="logs">What it reads and writes.</param>
    /// <param name="stored">The checkpoint; null for none.</param>
    /// <param name="retry">Tries again.</param>
    /// <param name="onRecord">Called when an input has more. Any thread.</param>
    /// <exception cref="InvalidDataException">The checkpoint is damaged, or has other inputs.</exception>
    /// <exception cref="StateException">The checkpoint is damaged.</exception>
    /// <exception cref="PartitionPlanException">Its query cannot go on in this one.</exception>
    public static PartitionReplica<TEvent, TKey> Open(
        PartitionPlan<TEvent, TKey> plan,
        PartitionLogs<TEvent> logs,
        StoredCheckpoint? stored,
        LogRetry retry,
        Action onRecord)
    {
        var content = stored is null ? null : CheckpointContent.Read(stored.Checkpoint, logs.InputNames);
        return new PartitionReplica<TEvent, TKey>(plan, logs, content, stored, retry, onRecord);
    }

    /// <summary>Handles what the records of results say, up to the last one that is there.</summary>
    /// <returns>The position of that one; 0 for none.</returns>
    /// <exception cref="PartitionDivergedException">The query gives something else.</exception>
    /// <exception cref="PartitionPlanException">A query has written there that is not known.</exception>
    public async ValueTask<long> CatchUpAsync(CancellationToken cancellationToken)
    {
        await foreach (var entry in _output.ReadAsync(Position, follow: false, cancellationToken).ConfigureAwait(false))
            await ApplyAsync(entry, cancellationToken).ConfigureAwait(false);
        return Position;
    }

    /// <summary>As <see cref="CatchUpAsync"/>, and goes on with those that come, until the token ends it.</summary>
    /// <param name="onRecord">Called behind each record.</param>
    /// <param name="cancellationToken">Ends it between two records.</param>
    /// <param name="stop">Ends it also within one.</param>
    public async ValueTask FollowAsync(
        Func<CancellationToken, ValueTask> onRecord, CancellationToken cancellationToken, CancellationToken stop)
    {
        await foreach (var entry in _output.ReadAsync(Position, follow: true, cancellationToken).ConfigureAwait(false))
        {
            // A record is handled whole or not at all, so that the token ends it between two.
            await ApplyAsync(entry, stop).ConfigureAwait(false);
            await onRecord(stop).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }

        cancellationToken.ThrowIfCancellationRequested();
        throw new InvalidOperationException($"The log {_output.Name} ended while it was followed.");
    }

    /// <summary>A record of its own was appended: all that it says is in.</summary>
    public void MoveTo(long position, long epoch)
    {
        Volatile.Write(ref _epoch, epoch);
        Volatile.Write(ref _position, position);
    }

    /// <summary>Makes the query that is to go on here.</summary>
    /// <returns>Null where the one that is here goes on.</returns>
    /// <exception cref="PartitionPlanException">It cannot, or has no higher version.</exception>
    public async ValueTask<PartitionEngine<TEvent, TKey>?> PrepareAsync(CancellationToken cancellationToken)
    {
        ThrowIfRefused();
        return ReferenceEquals(_engine.Plan, _plan)
            ? null
            : await MakeOverAsync(_plan, cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="PartitionPlanException">The query cannot go on here, or has no higher version.</exception>
    public void ThrowIfRefused()
    {
        if (_whyNot is { } refusal)
            throw refusal;
        if (!ReferenceEquals(_engine.Plan, _plan) && Version >= _plan.Version)
            throw PlanChange.Superseded(_output.Name, Version, _engine.Plan.Fingerprint, _plan.Version);
    }

    /// <summary>That query has taken the partition: it goes on from here.</summary>
    /// <param name="next">The query; null for the one that is here.</param>
    /// <param name="version">Its version.</param>
    public async ValueTask GoOnWithAsync(PartitionEngine<TEvent, TKey>? next, int version)
    {
        Version = Math.Max(Version, version);
        (_unknown, _whyNot) = (null, null);
        if (next is null)
            return;
        next.GoOnFrom(_engine);
        _endsWithTick = false;
        await ReplaceAsync(next).ConfigureAwait(false);
    }

    private async ValueTask ReplaceAsync(PartitionEngine<TEvent, TKey> next)
    {
        var before = _engine;
        Volatile.Write(ref _engine, next);
        await before.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The state of a checkpoint, now.</summary>
    public async Task<ReadOnlyMemory<byte>> SaveAsync(CancellationToken cancellationToken)
    {
        using var state = new MemoryStream();
        var inputs = Array.ConvertAll(_readers, static reader => (reader.Name, reader.Position));
        CheckpointContent.WriteHead(
            state,
            (Epoch, Position),
            (_engine.ClockTicks, _engine.Results.NextNumber),
            (Version, _engine.StatePlan),
            inputs);
        await _engine.SaveAsync(state, cancellationToken).ConfigureAwait(false);
        return state.GetBuffer().AsMemory(0, (int)state.Length);
    }

    /// <summary>Ends the query and the reading.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Array.ConvertAll(_readers, static reader => reader.DisposeAsync().AsTask()))
            .ConfigureAwait(false);
        await _engine.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask ApplyAsync(LogEntry entry, CancellationToken cancellationToken)
    {
        var record = ResultRecord.Of(_output.Name, entry);
        await ChangePlanAsync(entry, record, cancellationToken).ConfigureAwait(false);
        if (record.Epoch < Epoch)
            throw Diverged(entry, $"epoch {record.Epoch} is behind epoch {Epoch}");

        // An owner appends what was left out before its next record. The first one of an epoch comes before that.
        if (record.Owner is null)
            Drops.Clear();
        if (record.Order is { } order)
        {
            foreach (var step in OrderRecord.Read(order, _readers.Length))
            {
                await ApplyAsync(entry, step, cancellationToken).ConfigureAwait(false);
                _endsWithTick = step.IsTick;
            }
        }

        var results = _engine.Results;
        if (record.First != results.NextNumber)
            throw Diverged(entry, $"it begins with result {record.First}, and {results.NextNumber} is the next");
        if (!results.TryTake(record.Body.Span, record.Count))
        {
            throw Diverged(
                entry,
                $"its {record.Count} results from number {record.First} on are not those that the query gives here, of "
                + $"which there are {results.Count}");
        }

        _isOffered = record.Offers;
        KeepDrops(entry.Position);
        MoveTo(entry.Position, record.Epoch);
        Records++;
    }

    private void KeepDrops(long position)
    {
        if (_engine.Drops is { Lines.Count: > 0 } drops)
            Drops.Enqueue((position, drops.TakeRecords()));
    }

    /// <summary>The first record of an epoch says which query goes on.</summary>
    private async ValueTask ChangePlanAsync(
        LogEntry entry, ResultRecord record, CancellationToken cancellationToken)
    {
        if (record.Plan is not { } fingerprint)
        {
            if (_unknown is { } other)
                throw PlanChange.Unknown(_output.Name, entry.Position, Version, other.Plan.Fingerprint);
            return;
        }

        var version = record.Version ?? 1;
        var plan = _plan.Find(fingerprint)
            ?? throw (version >= _plan.Version
                ? PlanChange.Superseded(_output.Name, version, fingerprint, _plan.Version)
                : PlanChange.Unknown(_output.Name, entry.Position, version, fingerprint));
        if (_unknown is { } unknown)
        {
            // From there, and not by way of this query.
            if (!ReferenceEquals(plan, _plan))
                await ReplaceAsync(MakeOver(unknown, plan)).ConfigureAwait(false);
            else if (_whyNot is { } refusal)
                throw refusal;
            await GoOnWithAsync(null, version).ConfigureAwait(false);
            return;
        }

        PartitionEngine<TEvent, TKey>? next = null;
        if (!ReferenceEquals(_engine.Plan, plan))
        {
            next = Position == 0
                ? NewEngine(plan, null)
                : await MakeOverAsync(plan, cancellationToken).ConfigureAwait(false);
        }

        await GoOnWithAsync(next, version).ConfigureAwait(false);
    }

    private async ValueTask<PartitionEngine<TEvent, TKey>> MakeOverAsync(
        PartitionPlan<TEvent, TKey> plan, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await _engine.SaveAsync(bytes, cancellationToken).ConfigureAwait(false);
        var state = new EngineState(
            _engine.StatePlan,
            bytes.GetBuffer().AsMemory(0, (int)bytes.Length),
            _engine.ClockTicks,
            _engine.Results.NextNumber + _engine.Results.Count);
        return MakeOver(state, plan);
    }

    private PartitionEngine<TEvent, TKey> MakeOver(EngineState state, PartitionPlan<TEvent, TKey> plan)
    {
        PlanChange.ThrowIfImpossible(_output.Name, state.Plan, plan.Query.ToStatePlan());
        return NewEngine(plan, state);
    }

    private PartitionEngine<TEvent, TKey> NewEngine(PartitionPlan<TEvent, TKey> plan, EngineState? state) =>
        new(plan, _logs.Partition, _logs.InputNames, state);

    /// <summary>
    /// A checkpoint of this query or an earlier one; or of one that is not known, which can go on here where nothing is
    /// behind it, and elsewhere only where a known one took over right there.
    /// </summary>
    private PartitionEngine<TEvent, TKey> Open(CheckpointContent content)
    {
        var state = content.State;
        if (_plan.Find(state.Plan.Fingerprint) is { } known)
            return NewEngine(known, state);
        if (content.QueryVersion >= _plan.Version)
            throw PlanChange.Superseded(_output.Name, content.QueryVersion, state.Plan.Fingerprint, _plan.Version);
        _unknown = state;
        try
        {
            return MakeOver(state, _plan);
        }
        catch (PartitionPlanException refusal)
        {
            _whyNot = refusal;
            return NewEngine(_plan, null);
        }
    }

    private async ValueTask ApplyAsync(LogEntry entry, OrderEntry step, CancellationToken cancellationToken)
    {
        if (step.IsTick)
        {
            _engine.Tick(step.Number);
            return;
        }

        var reader = _readers[step.Input];
        for (var rest = step.Records; rest > 0; rest--)
        {
            var record = await reader.TakeAsync(step.Number, cancellationToken).ConfigureAwait(false);
            if (record.Position > step.Number || (record.Position == step.Number && rest > 1))
            {
                throw new LogTruncatedException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"The record at {entry.Position} of {_output.Name} was made of {step.Records} records of "
                    + $"{reader.Name} up to position {step.Number}, and they are no longer all there."));
            }

            _engine.Handle(step.Input, record);
        }

        if (reader.Position != step.Number)
        {
            throw Diverged(
                entry,
                $"it has read {reader.Name} up to position {step.Number}, and the record there is at "
                + $"{reader.Position}");
        }
    }

    private PartitionDivergedException Diverged(LogEntry entry, string why) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"The record at {entry.Position} of {_output.Name} does not follow from what was before it: {why}. The query, "
        + $"its code or the input is no longer what it was: go on with the one that wrote it, or begin new topics."));
}
