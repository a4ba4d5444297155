using DisruptorStream.Emission.Reading;

namespace DisruptorStream.Emission.Delivery;

/// <content>What it shows of itself, to any thread.</content>
internal sealed partial class ResultStream<TKey>
{
    public int Count
    {
        get
        {
            lock (_gate)
                return _results.Count;
        }
    }

    /// <summary>Results given up: the oldest of a full stream, and those that waited when it was closed.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate)
                return _dropped;
        }
    }

    /// <summary>Whether its reader has gone.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
                return _isClosed;
        }
    }

    /// <summary>The same for people, as of one moment.</summary>
    public ResultReaderStats ReaderStats
    {
        get
        {
            lock (_gate)
            {
                return new ResultReaderStats
                {
                    Name = ReaderName ?? "",
                    Capacity = Capacity,
                    ResultsBuffered = _results.Count,
                    ResultsRead = _read,
                    ResultsDropped = _dropped,
                    Blocks = _blockedCount,
                    BlockedTime = TimeSpan.FromTicks(_blockedTicks),
                };
            }
        }
    }

    /// <summary>Results written and read so far, together.</summary>
    public long Steps
    {
        get
        {
            lock (_gate)
                return _steps;
        }
    }

    /// <summary>Without the lock: an Inline processor asks before each claim.</summary>
    // Pairs with the writes where results come and go.
    public bool IsFull => Volatile.Read(ref _count) >= Capacity;

    /// <summary>Whether <see cref="Complete"/> was called; there may be results left to read.</summary>
    public bool IsCompleted
    {
        get
        {
            lock (_gate)
                return _isCompleted;
        }
    }

    /// <summary>Whether anyone ever read, or tried to.</summary>
    // Pairs with the release in Attach and TryRead; asked for each batch, hence without the lock.
    public bool HasReader => Volatile.Read(ref _hasReader);

    /// <summary>
    /// Whether an enumeration is under way, or expected, or results have been pulled one by one.
    /// </summary>
    public bool IsReaderAttached
    {
        get
        {
            lock (_gate)
                return _isEnumerated || _isPulled || _isExpected;
        }
    }

    /// <summary>Whether the emitting thread is held because the stream is full.</summary>
    public bool IsBlocked
    {
        get
        {
            lock (_gate)
                return _isBlocked;
        }
    }

    /// <summary>How often the emitting thread was held.</summary>
    public long BlockedCount
    {
        get
        {
            lock (_gate)
                return _blockedCount;
        }
    }

    /// <summary>How long the emitting thread was held in all, in ticks of 100 ns.</summary>
    public long BlockedTicks
    {
        get
        {
            lock (_gate)
                return _blockedTicks;
        }
    }
}
