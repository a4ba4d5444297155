namespace DisruptorStream.Emission.Calls;

/// <summary>
/// The calls of the sinks: which one is under way, how many there were, and whether there may be more.
/// </summary>
/// <remarks>The emitting thread begins and ends; any thread reads and closes.</remarks>
internal sealed class SinkCalls
{
    private const int Open = 0;
    private const int ClosedButLast = 1;
    private const int Closed = 2;

    private object? _current;
    private long _steps;
    private int _closed;
    private bool _isPausing;

    /// <summary>The sink whose call is under way; null for none.</summary>
    // Pairs with the writes in Begin and End.
    public object? Current => Volatile.Read(ref _current);

    /// <summary>Calls begun and calls ended, together.</summary>
    // Pairs with the writes in Begin and End.
    public long Steps => Volatile.Read(ref _steps);

    /// <summary>Whether the emitting thread waits before it calls a sink again, as the sink's policy says.</summary>
    // The reader may be late: it looks again.
    public bool IsPausing
    {
        get => Volatile.Read(ref _isPausing);
        set => Volatile.Write(ref _isPausing, value);
    }

    /// <param name="sink">The sink.</param>
    /// <param name="isLast">Whether it is the sink's last call, which an abort leaves it.</param>
    /// <exception cref="OperationCanceledException">The calls are closed, as the processor was aborted.</exception>
    public void Begin(object sink, bool isLast = false)
    {
        Volatile.Write(ref _current, sink);
        Volatile.Write(ref _steps, _steps + 1);

        // The sink is noted before the check: the thread that closes the calls sees this call, or it does not happen.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _closed) <= (isLast ? ClosedButLast : Open))
            return;
        End();
        throw new OperationCanceledException("The processor was aborted, so no sink is called any more.");
    }

    public void End()
    {
        Volatile.Write(ref _steps, _steps + 1);
        Volatile.Write(ref _current, null);
    }

    /// <summary>
    /// From now on no call begins, but for the last of each sink. One that is under way, see <see cref="Current"/>,
    /// goes on.
    /// </summary>
    public void Close() => Close(ClosedButLast);

    /// <summary>From now on no call begins at all.</summary>
    public void CloseForGood() => Close(Closed);

    private void Close(int state)
    {
        // Pairs with the barrier in Begin. What is closed for good is not opened again by a late abort.
        if (Volatile.Read(ref _closed) < state)
            Volatile.Write(ref _closed, state);
        Interlocked.MemoryBarrier();
    }
}
