using DisruptorStream.Durability;
using DisruptorStream.Topology;
using DisruptorStream.Topology.Durable;

namespace DisruptorStream.Reporting.Durability;

/// <summary>The journal and the snapshots of a processor that was built with DurableIn.</summary>
/// <remarks>Any thread, in every state.</remarks>
public sealed class ProcessorDurability
{
    private readonly ProcessorParts _parts;
    private readonly DurableSession _session;

    internal ProcessorDurability(ProcessorParts parts, DurableSession session)
    {
        _parts = parts;
        _session = session;
    }

    /// <summary>The directory, as a whole path.</summary>
    public string Directory => _session.Directory;

    /// <summary>What results wait for.</summary>
    public DurabilityMode Mode => _session.Mode;

    /// <summary>What was done when the processor was built.</summary>
    public RecoveryReport Recovery => _session.Recovery;

    /// <summary>The last slot that is synced: no end of the process or of the machine takes it back.</summary>
    public long DurableSequence => _session.Progress.Durable;

    /// <summary>How the journal and the snapshots are now.</summary>
    public DurabilityStats GetStats() => _session.Stats;

    /// <summary>
    /// Completes when all that was published so far is durable: it can no longer be lost. Where nothing waits for a
    /// sync, it asks for one. Before the processor is started, it waits for that too.
    /// </summary>
    /// <exception cref="ProcessorStoppedException">The processor has ended before.</exception>
    /// <exception cref="PipelineException">A stage has failed before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">
    /// A sink or the like calls, on the thread that would be waited for; or a claim of this thread is open.
    /// </exception>
    public Task WhenDurableAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        _parts.RuntimeParts.Gate.ThrowIfInside(nameof(WhenDurableAsync));
        var last = _parts.RuntimeParts.Ring.Slots.Sequencer.Cursor.Value;
        return _session.Progress.WaitFor(last).WaitAsync(cancellationToken);
    }

    /// <summary>Completes when a snapshot is there of all that is durable by now.</summary>
    /// <exception cref="DurabilityException">None can be taken; the message says why.</exception>
    /// <exception cref="ProcessorStoppedException">The processor has ended before.</exception>
    /// <exception cref="PipelineException">A stage has failed before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="InvalidOperationException">As for <see cref="WhenDurableAsync"/>.</exception>
    public Task TakeSnapshotAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled(cancellationToken);
        _parts.RuntimeParts.Gate.ThrowIfInside(nameof(TakeSnapshotAsync));
        return _session.SaveAsync().WaitAsync(cancellationToken);
    }
}
