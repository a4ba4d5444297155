using DisruptorStream.Emission;
using DisruptorStream.Emission.Durable;

namespace DisruptorStream.Testing.Sinks;

/// <summary>
/// A durable sink in memory: keeps copies of results by their numbers, fences older epochs, and fails when it is told
/// to.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// It follows the contract of <see cref="IDurableSink{TKey}"/>. It writes to a <see cref="DurableTarget{TKey}"/>
/// of its own, or to one that several sinks have after each other, as processors end and begin. Any thread may read the
/// target.
/// </remarks>
public sealed class DurableCollectingSink<TKey> : IDurableSink<TKey>
{
    private readonly Action<DurableMoment, long>? _onCall;
    private DurableSinkOwner? _owner;
    private int _opened;

    /// <param name="target">What it writes to. Null for a new one.</param>
    /// <param name="onCall">
    /// Called at each moment with the number of the last result that the target holds; what it throws is what the sink
    /// throws. Null for nothing.
    /// </param>
    public DurableCollectingSink(DurableTarget<TKey>? target = null, Action<DurableMoment, long>? onCall = null)
    {
        Target = target ?? new DurableTarget<TKey>();
        _onCall = onCall;
    }

    /// <summary>What it writes to.</summary>
    public DurableTarget<TKey> Target { get; }

    /// <summary>How often it was opened, failures not counted.</summary>
    public int Opened => Volatile.Read(ref _opened);

    /// <summary>For whom it was opened last; null before.</summary>
    public DurableSinkOwner? Owner => Volatile.Read(ref _owner);

    /// <inheritdoc/>
    public DurableGuarantee Guarantee => DurableGuarantee.Exact;

    /// <inheritdoc/>
    public ValueTask<long> OpenAsync(DurableSinkOwner owner, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(owner);
        cancellationToken.ThrowIfCancellationRequested();
        _onCall?.Invoke(DurableMoment.Opening, Target.Held);
        var held = Target.Open(owner);
        Volatile.Write(ref _owner, owner);
        Interlocked.Increment(ref _opened);
        return ValueTask.FromResult(held);
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">It is not open, was fenced, or results are left out.</exception>
    public void OnResults(ResultBatch<TKey> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var owner = Owner ?? throw new InvalidOperationException(
            "The durable sink got results before it was opened; await OpenAsync first.");
        _onCall?.Invoke(DurableMoment.BeforeWrite, Target.Held);
        Target.Write(owner, batch);
        _onCall?.Invoke(DurableMoment.AfterWrite, Target.Held);
    }
}
