namespace DisruptorStream.Ingest.Streams;

/// <summary>Keeps what callers gave back for those that come after them, up to a limit.</summary>
/// <remarks>
/// Any thread, without a lock. Each place is taken and filled by an exchange, so none is handed out twice.
/// </remarks>
internal sealed class IdlePool<T>
    where T : class
{
    private readonly T?[] _idle;
    private readonly Func<T> _make;

    /// <param name="capacity">How many are kept.</param>
    /// <param name="make">Makes one where none is idle.</param>
    public IdlePool(int capacity, Func<T> make)
    {
        _idle = new T?[capacity];
        _make = make;
    }

    /// <summary>One for the caller alone; to be given back.</summary>
    public T Rent()
    {
        foreach (ref var place in _idle.AsSpan())
        {
            // The read saves an exchange where nothing is; both pair with the exchange in Return.
            if (Volatile.Read(ref place) is not null && Interlocked.Exchange(ref place, null) is { } idle)
                return idle;
        }

        return _make();
    }

    /// <summary>Gives one back; forgotten where there is no room.</summary>
    public void Return(T item)
    {
        foreach (ref var place in _idle.AsSpan())
        {
            // Pairs with the exchange in Rent.
            if (Volatile.Read(ref place) is null && Interlocked.CompareExchange(ref place, item, null) is null)
                return;
        }
    }
}
