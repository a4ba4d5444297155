namespace DisruptorStream.Cluster.Owning;

/// <summary>Wakes the one who waits. Any thread sets it, also while nobody waits: the next wait ends at once.</summary>
internal sealed class WakeUp : IDisposable
{
    private readonly SemaphoreSlim _set = new(0);
    private int _isSet;

    /// <summary>There is something to do.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
            _set.Release();
    }

    /// <summary>
    /// Waits until it is set, or the time is over. What was done before it was set is seen afterwards.
    /// </summary>
    public async ValueTask WaitAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        if (await _set.WaitAsync(most, cancellationToken).ConfigureAwait(false))
            Interlocked.Exchange(ref _isSet, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _set.Dispose();
}
