using System.Diagnostics;

namespace DisruptorStream.Emission.Pumping;

/// <summary>Results on their way to an asynchronous sink.</summary>
/// <remarks>Under the lock of its pump.</remarks>
internal sealed class PumpQueue<TKey>
{
    private readonly Queue<Chunk> _chunks = new();
    private int _read;

    // The results that are taken next, as they were asked for before.
    private WindowResult<TKey>[]? _ahead;
    private long _aheadTimestamp;

    /// <summary>Results ever added.</summary>
    public long Added { get; private set; }

    /// <summary>Results taken, or thrown away.</summary>
    public long Taken { get; private set; }

    public long Count => Added - Taken;

    /// <summary>When the oldest result was added. Only while there is one.</summary>
    public long OldestTimestamp => _ahead is null ? _chunks.Peek().Timestamp : _aheadTimestamp;

    /// <param name="owned">An owned batch, which the results refer to.</param>
    /// <param name="firstRow">The first row to add.</param>
    /// <param name="count">How many; 1 or more.</param>
    /// <param name="timestamp">When they came.</param>
    public void Add(ResultBatch<TKey> owned, int firstRow, int count, long timestamp)
    {
        _chunks.Enqueue(new Chunk(owned, firstRow, count, timestamp));
        Added += count;
    }

    /// <summary>The results that <see cref="Take"/> gives next. They still wait.</summary>
    /// <param name="most">How many at most. The next <see cref="Take"/> gives no more than these.</param>
    public WindowResult<TKey>[] LookAhead(int most)
    {
        if (_ahead is not null)
            return _ahead;
        _aheadTimestamp = OldestTimestamp;
        return _ahead = Read(most);
    }

    /// <summary>Takes the oldest results, at most this many.</summary>
    public WindowResult<TKey>[] Take(int most)
    {
        var results = _ahead ?? Read(most);
        _ahead = null;
        Taken += results.Length;
        Debug.Assert(Count > 0 || _chunks.Count == 0, "What is counted is what is there.");
        return results;
    }

    /// <summary>Throws all away. Returns how many there were.</summary>
    public long Clear()
    {
        var count = Count;
        _chunks.Clear();
        _read = 0;
        _ahead = null;
        Taken = Added;
        return count;
    }

    private WindowResult<TKey>[] Read(int most)
    {
        var results = new WindowResult<TKey>[(int)Math.Min(most, Count)];
        for (var index = 0; index < results.Length; index++)
        {
            var chunk = _chunks.Peek();
            results[index] = chunk.Batch[chunk.FirstRow + _read++];
            if (_read < chunk.Count)
                continue;
            _chunks.Dequeue();
            _read = 0;
        }

        return results;
    }

    private readonly record struct Chunk(ResultBatch<TKey> Batch, int FirstRow, int Count, long Timestamp);
}
