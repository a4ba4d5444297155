using DisruptorStream.Emission.Delivery;

namespace DisruptorStream.Emission.Reading;

/// <summary>The processor's own stream of results, and the readers that were created beside it.</summary>
/// <remarks>Any thread may add and remove readers; the emitting thread hands results on.</remarks>
internal sealed class ResultReaders<TKey>
    where TKey : notnull
{
    private const int BlockedSliceMilliseconds = 50;
    private const int ManyBlockedSliceMilliseconds = 1;

    private readonly Lock _gate = new();
    private readonly bool _overflowAllowed;
    private readonly TimeProvider _timeProvider;

    // Those of the readers, and the processor's own behind them.
    private ResultStream<TKey>[] _streams;
    private int _created;
    private bool _isCompleted;
    private Exception? _error;
    private long _goneDropped;

    /// <param name="own">The processor's own stream.</param>
    /// <param name="overflowAllowed">Whether a full buffer takes what comes: publishers look at it instead.</param>
    /// <param name="timeProvider">Measures how long emission is held.</param>
    public ResultReaders(ResultStream<TKey> own, bool overflowAllowed, TimeProvider timeProvider)
    {
        Own = own;
        _streams = [own];
        _overflowAllowed = overflowAllowed;
        _timeProvider = timeProvider;
    }

    /// <summary>The processor's own stream.</summary>
    public ResultStream<TKey> Own { get; }

    /// <summary>Results in the processor's own stream.</summary>
    public int OwnCount => Own.Count;

    /// <summary>How often the own stream held the emitting thread.</summary>
    public long OwnBlocks => Own.BlockedCount;

    /// <summary>For how long in all, in ticks of 100 ns.</summary>
    public long OwnBlockedTicks => Own.BlockedTicks;

    /// <summary>Whether there are readers now.</summary>
    public bool HasReaders => Streams.Length > 1;

    /// <summary>Results written and read so far, together.</summary>
    public long Steps
    {
        get
        {
            var steps = 0L;
            foreach (var stream in Streams)
                steps += stream.Steps;
            return steps;
        }
    }

    /// <summary>The full buffer that holds the emitting thread; null for none.</summary>
    public FullBuffer? Blocked => Find(stream => stream.IsBlocked);

    /// <summary>The full buffer that holds the emitting thread and that nobody reads; null for none.</summary>
    public FullBuffer? BlockedWithoutReader => Find(stream => stream is { IsBlocked: true, IsReaderAttached: false });

    /// <summary>The buffer that is as full as it may be, where overflow is allowed; null for none.</summary>
    public FullBuffer? Full
    {
        get
        {
            foreach (var stream in Streams)
            {
                if (stream.IsFull && !stream.DropsOldest)
                    return new FullBuffer(stream.Capacity, stream.ReaderName);
            }

            return null;
        }
    }

    /// <summary>What each reader has done so far, in the order in which they were created.</summary>
    public IReadOnlyList<ResultReaderStats> Stats => Array.ConvertAll(
        Streams[..^1], stream => stream.ReaderStats);

    /// <summary>Results that readers, also those that were disposed, never gave.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate)
            {
                var dropped = _goneDropped;
                foreach (var stream in _streams.AsSpan()[..^1])
                    dropped += stream.Dropped;
                return dropped;
            }
        }
    }

    // Pairs with the writes in Create and Remove.
    private ResultStream<TKey>[] Streams => Volatile.Read(ref _streams);

    /// <summary>Adds a reader, which gets the next batch; after the end one that ends at once.</summary>
    /// <exception cref="ArgumentException">The name is in use.</exception>
    public ResultReader<TKey> Create(ResultReaderOptions options)
    {
        lock (_gate)
        {
            var name = options.Name ?? FreeName();
            if (IsUsed(name))
            {
                throw new ArgumentException(
                    $"There is a result reader '{name}' already; give each a name of its own, or none.",
                    nameof(options));
            }

            var stream = new ResultStream<TKey>(options.Capacity, _overflowAllowed, _timeProvider)
            {
                ReaderName = name,
                DropsOldest = options.WhenFull == ResultReaderFullMode.DropOldest,
                OnWait = Own.OnWait,
            };
            if (_isCompleted)
                stream.Complete(_error);
            Volatile.Write(ref _streams, [.. _streams.AsSpan()[..^1], stream, Own]);
            return new ResultReader<TKey>(this, stream);
        }
    }

    /// <summary>Closes a reader, unless it was closed before.</summary>
    public void Remove(ResultReader<TKey> reader)
    {
        lock (_gate)
        {
            if (reader.Stream.IsClosed)
                return;
            reader.Stream.Close();
            _goneDropped += reader.Dropped;
            Volatile.Write(ref _streams, Array.FindAll(_streams, stream => stream != reader.Stream));
        }
    }

    /// <summary>Ends all, after what is in them, with or without an error. The first call counts.</summary>
    public void Complete(Exception? error)
    {
        lock (_gate)
        {
            if (!_isCompleted)
                (_isCompleted, _error) = (true, error);
            foreach (var stream in Streams)
                stream.Complete(error);
        }
    }

    /// <summary>
    /// The emitting thread: hands a batch to the readers, and to the own stream where it is fed, as each has room.
    /// </summary>
    /// <param name="owned">An owned batch.</param>
    /// <param name="feedsOwn">Whether the own stream is fed.</param>
    /// <returns>The next rows that all have taken; none any more at the end.</returns>
    public Feeding Feed(ResultBatch<TKey> owned, bool feedsOwn)
    {
        var streams = Streams;
        foreach (var stream in streams)
            stream.NextRow = 0;
        return new Feeding(streams.AsSpan(0, feedsOwn ? streams.Length : streams.Length - 1), owned);
    }

    private string FreeName()
    {
        string name;
        do
            name = $"reader-{++_created}";
        while (IsUsed(name));
        return name;
    }

    private bool IsUsed(string name) =>
        Array.Exists(_streams, stream => string.Equals(stream.ReaderName, name, StringComparison.Ordinal));

    private FullBuffer? Find(Predicate<ResultStream<TKey>> predicate) =>
        Array.Find(Streams, predicate) is { } found ? new FullBuffer(found.Capacity, found.ReaderName) : null;

    /// <summary>
    /// A batch on its way to several streams: a full one does not keep the others from what they can take.
    /// </summary>
    internal readonly ref struct Feeding
    {
        private readonly ReadOnlySpan<ResultStream<TKey>> _streams;
        private readonly ResultBatch<TKey> _owned;

        public Feeding(ReadOnlySpan<ResultStream<TKey>> streams, ResultBatch<TKey> owned)
        {
            _streams = streams;
            _owned = owned;
        }

        /// <summary>Writes what there is room for. Returns how many rows are with all whom they are for.</summary>
        /// <param name="hasEnded">Whether nothing more can be written, because the processor has ended.</param>
        public int Write(out bool hasEnded)
        {
            var least = _owned.Count;
            hasEnded = false;
            foreach (var stream in _streams)
            {
                if (stream.NextRow < _owned.Count)
                    stream.NextRow += stream.TryWrite(_owned, stream.NextRow);
                if (stream.NextRow == _owned.Count || stream.IsClosed)
                    continue;
                least = Math.Min(least, stream.NextRow);
                hasEnded |= stream.IsCompleted;
            }

            return least;
        }

        /// <summary>Waits a short time for room. Call it only where rows are left.</summary>
        public void Wait(CancellationToken abort)
        {
            var blocked = 0;
            foreach (var stream in _streams)
                blocked += IsBehind(stream) ? 1 : 0;
            foreach (var stream in _streams)
            {
                if (IsBehind(stream))
                    stream.WaitToWrite(blocked > 1 ? ManyBlockedSliceMilliseconds : BlockedSliceMilliseconds, abort);
            }
        }

        private bool IsBehind(ResultStream<TKey> stream) => stream.NextRow < _owned.Count && !stream.IsClosed;
    }
}
