using System.Diagnostics;

namespace DisruptorStream.Emission.Pumping;

/// <summary>Results on their way to an asynchronous sink.</summary>
/// <remarks>Under the lock of its pump.</remarks>
internal sealed class PumpQueue<TKey>
{
    private readonly Queue<Chunk> _chunks = new();
    private int _read;

    /// <summary>Results ever added.</summary>
    public long Added { get; private set; }

    /// <summary>Results taken, or thrown away.</summary>
    public long Taken { get; private set; }

    public long Count => Added - Taken;

    /// <summary>When the oldest result was added. Only while there is one.</summary>
    public long OldestTimestamp => _chunks.Peek().Timestamp;

    /// <param name="owned">An owned batch, which the results refer to.</param>
    /// <param name="firstRow">The first row to add.</param>
    /// <param name="count">How many; 1 or more.</param>
    /// <param name="timestamp">When they came.</param>
    public void Add(ResultBatch<TKey> owned, int firstRow, int count, long timestamp)
    {
        _chunks.Enqueue(new Chunk(owned, firstRow, count, timestamp));
        Added += count;
    }

    /// <summary>Takes the oldest results, at most this many.</summary>
    public WindowResult<TKey>[] Take(int most)
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
        Taken = Added;
        return count;
    }

    private readonly record struct Chunk(ResultBatch<TKey> Batch, int FirstRow, int Count, long Timestamp);
}
