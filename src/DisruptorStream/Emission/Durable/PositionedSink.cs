using System.Globalization;

namespace DisruptorStream.Emission.Durable;

/// <summary>
/// What durable sinks have in common, so that one of your own is three methods: connect, store, disconnect.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// <para>It keeps the number of the last result that the target holds, leaves out what is repeated, refuses gaps, and
/// opens the target again after a failure, to ask what became of the write.</para>
/// <para>Its calls come one at a time, on threads of the pool.</para>
/// </remarks>
public abstract class PositionedSink<TKey> : IAsyncDurableSink<TKey>
{
    private DurableSinkOwner? _owner;
    private bool _isConnected;
    private long _held;
    private long _offered;

    /// <inheritdoc/>
    public virtual DurableGuarantee Guarantee => DurableGuarantee.Exact;

    /// <summary>The number of the last result that the target is known to hold; 0 for none. Any thread.</summary>
    public long NumberHeld => Volatile.Read(ref _held);

    /// <summary>
    /// Called with the name of each step of a write, on the thread of the write: what it throws ends the write there.
    /// For tests, which end a sink at each step so. Null for nothing, the default.
    /// </summary>
    public Action<string>? OnStep { get; init; }

    /// <summary>What the target is called in messages, such as <c>the table 'minutes'</c>.</summary>
    protected abstract string TargetName { get; }

    /// <inheritdoc/>
    public async ValueTask<long> OpenAsync(DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        cancellationToken.ThrowIfCancellationRequested();
        await ForgetAsync().ConfigureAwait(false);
        var held = await ConnectedAsync(owner, cancellationToken).ConfigureAwait(false);
        _owner = owner;
        _offered = held;
        Volatile.Write(ref _held, held);
        return held;
    }

    /// <inheritdoc/>
    public async ValueTask StartAsync(SinkContext context, CancellationToken cancellationToken)
    {
        await ReconnectAsync(Owner(), cancellationToken).ConfigureAwait(false);
        try
        {
            await PrepareAsync(context, Owner(), cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await ForgetAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">
    /// It is not open, a newer owner has the target, results are missing in between, or the target was set back.
    /// </exception>
    public async ValueTask WriteAsync(IReadOnlyList<WindowResult<TKey>> results, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(results);
        if (results.Count == 0)
            return;
        var owner = Owner();
        cancellationToken.ThrowIfCancellationRequested();
        await ReconnectAsync(owner, cancellationToken).ConfigureAwait(false);
        var rows = results as WindowResult<TKey>[] ?? Copied(results);
        var (first, last) = (rows[0].Number, rows[^1].Number);
        if (owner.Epoch == 0)
        {
            await StoreSafelyAsync(rows, new SinkWrite(owner, 0, 0), cancellationToken).ConfigureAwait(false);
            return;
        }

        if (first > _held + 1)
            throw new InvalidOperationException(Gap(first));
        var repeated = (int)Math.Min(_held - first + 1, rows.Length);
        if (repeated == rows.Length)
            return;
        _offered = Math.Max(_offered, last);
        await StoreSafelyAsync(rows.AsMemory(repeated), new SinkWrite(owner, _held, last), cancellationToken)
            .ConfigureAwait(false);
        Volatile.Write(ref _held, last);
    }

    /// <inheritdoc/>
    public virtual ValueTask CompleteAsync(Exception? failure) => ForgetAsync();

    /// <summary>
    /// Connects to the target, makes it the owner's, and returns the number of the last result that it holds; 0 for
    /// none.
    /// </summary>
    /// <param name="owner">For whom. With epoch 0: nobody is fenced, and the number does not matter.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <remarks>
    /// Called to open, and again before the next call after one that failed. Throws where a newer owner has the target
    /// (<see cref="ThrowIfForeign"/>).
    /// </remarks>
    protected abstract ValueTask<long> ConnectAsync(DurableSinkOwner owner, CancellationToken cancellationToken);

    /// <summary>The columns are known: makes ready what depends on them. Does nothing by default.</summary>
    /// <param name="context">What the sink may want to know of its processor.</param>
    /// <param name="owner">Whose target it is.</param>
    /// <param name="cancellationToken">Ends it.</param>
    protected virtual ValueTask PrepareAsync(
        SinkContext context, DurableSinkOwner owner, CancellationToken cancellationToken) => default;

    /// <summary>Stores results and position together, or throws; then either may have happened.</summary>
    /// <param name="results">One or more, in the order of their numbers, without those that the target holds.</param>
    /// <param name="write">From where to where. Not of interest for an owner with epoch 0: all is stored.</param>
    /// <param name="cancellationToken">Ends it.</param>
    protected abstract ValueTask StoreAsync(
        ReadOnlyMemory<WindowResult<TKey>> results, SinkWrite write, CancellationToken cancellationToken);

    /// <summary>
    /// Gives up the connection, and what has not been committed. Called after each failure; also where there is none.
    /// </summary>
    protected abstract ValueTask DisconnectAsync();

    /// <summary>Says that a step of a write is reached, for tests (<see cref="OnStep"/>).</summary>
    /// <param name="step">Its name.</param>
    protected void Reach(string step) => OnStep?.Invoke(step);

    /// <summary>Throws where the target belongs to a newer owner, or holds results of another stream.</summary>
    /// <param name="owner">Who wants it.</param>
    /// <param name="epoch">The epoch that the target has noted.</param>
    /// <param name="streamId">The stream that it has noted.</param>
    /// <param name="number">The number of the last result that it holds.</param>
    /// <exception cref="InvalidOperationException">It is not the owner's.</exception>
    protected void ThrowIfForeign(DurableSinkOwner owner, long epoch, string streamId, long number)
    {
        ArgumentNullException.ThrowIfNull(owner);
        if (owner.Epoch == 0)
            return;
        if (!string.Equals(owner.StreamId, streamId, StringComparison.Ordinal))
        {
            if (number == 0)
                return;
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"{Capitalized()} holds {number} results of another stream of '{owner.ProcessorName}' ({streamId}, and "
                + $"the directory of this one has {owner.StreamId}): their numbers say nothing here. Restore the "
                + $"directory that belongs to it, or choose another target, or move the old one away, its position "
                + $"included."));
        }

        if (owner.Epoch < epoch)
            throw new InvalidOperationException(FencedBy(owner, epoch));
    }

    /// <summary>What to say where a write met a position that is not the one before it.</summary>
    /// <param name="write">The write.</param>
    /// <param name="epoch">The epoch that the target has; null where it has no position.</param>
    /// <param name="number">The number that it has.</param>
    protected InvalidOperationException NotMine(SinkWrite write, long? epoch, long number)
    {
        ArgumentNullException.ThrowIfNull(write);
        return new InvalidOperationException(
            epoch > write.Owner.Epoch ? FencedBy(write.Owner, epoch.Value) : Moved(write.Previous, number));
    }

    private DurableSinkOwner Owner() => _owner ?? throw new InvalidOperationException(
        $"{Capitalized()} got a call before it was opened; await OpenAsync first.");

    private async ValueTask StoreSafelyAsync(
        ReadOnlyMemory<WindowResult<TKey>> rows, SinkWrite write, CancellationToken cancellationToken)
    {
        try
        {
            Reach("before the write");
            await StoreAsync(rows, write, cancellationToken).ConfigureAwait(false);
            Reach("after the write");
        }
        catch
        {
            // Nobody knows what became of it: the next call asks.
            await ForgetAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask ReconnectAsync(DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        if (_isConnected)
            return;
        var held = await ConnectedAsync(owner, cancellationToken).ConfigureAwait(false);
        if (owner.Epoch == 0 || (held >= _held && held <= _offered))
        {
            Volatile.Write(ref _held, held);
            return;
        }

        await ForgetAsync().ConfigureAwait(false);
        throw new InvalidOperationException(Moved(_held, held));
    }

    private async ValueTask<long> ConnectedAsync(DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        try
        {
            var held = await ConnectAsync(owner, cancellationToken).ConfigureAwait(false);
            _isConnected = true;
            return held;
        }
        catch
        {
            await ForgetAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async ValueTask ForgetAsync()
    {
        _isConnected = false;
        try
        {
            await DisconnectAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // What failed before is what counts.
        }
    }

    private static WindowResult<TKey>[] Copied(IReadOnlyList<WindowResult<TKey>> results) => [.. results];

    private string Gap(long first) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Capitalized()} holds results up to number {_held}, and was given some that begin with {first}: those "
        + $"between are missing, because a write before was skipped. Start the processor again: it goes on behind "
        + $"what the target holds; and let the sink's failure policy stop or retry, not skip.");

    private string FencedBy(DurableSinkOwner owner, long epoch) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Capitalized()} belongs to epoch {epoch} of '{owner.ProcessorName}', and epoch {owner.Epoch} has no right to "
        + $"it any more: another process runs the same processor; end the older one.");

    private string Moved(long expected, long number) =>
        number < expected ? SetBack(expected, number) : WrittenByOthers(expected, number);

    private string WrittenByOthers(long expected, long number) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Capitalized()} held results up to number {expected}, and now holds {number}, which this processor has not "
        + $"written: another one writes with the same epoch, such as one that runs in a copy of its directory. End "
        + $"one of them, and start the other one again.");

    private string SetBack(long expected, long number) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Capitalized()} held results up to number {expected}, and now holds {number}: it was set back, or lost, "
        + $"while the processor ran. Start the processor again: it gives what is missing once more, as far as its "
        + $"snapshots reach back.");

    private string Capitalized() =>
        TargetName.Length == 0 ? TargetName : char.ToUpperInvariant(TargetName[0]) + TargetName[1..];
}
