using DisruptorStream.Durability;

namespace DisruptorStream.Hosting.Durable;

/// <summary>Knows how far the recovery of a processor has come, and ends it where the host stops meanwhile.</summary>
internal sealed class RecoveryWatch : IProgress<RecoveryProgress>
{
    private IProgress<RecoveryProgress>? _next;
    private Newest? _newest;
    private volatile bool _isStopped;

    /// <summary>The newest report; null before the first one. Any thread.</summary>
    public RecoveryProgress? Progress => Volatile.Read(ref _newest)?.Progress;

    /// <summary>Has another one told too.</summary>
    /// <param name="next">Who is told; null for nobody.</param>
    /// <returns>This one.</returns>
    public RecoveryWatch Before(IProgress<RecoveryProgress>? next)
    {
        _next = next;
        return this;
    }

    /// <summary>Ends the recovery at its next report: what it has done is done again by the next one.</summary>
    public void Stop() => _isStopped = true;

    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public void Report(RecoveryProgress value)
    {
        Volatile.Write(ref _newest, new Newest(value));
        _next?.Report(value);
        if (_isStopped)
            throw new OperationCanceledException("The host stops, so the recovery was given up.");
    }

    private sealed record Newest(RecoveryProgress Progress);
}
