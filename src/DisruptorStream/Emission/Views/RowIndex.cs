namespace DisruptorStream.Emission.Views;

/// <summary>Finds the row of a key: a hash table of chains, whose arrays can be copied a piece at a time.</summary>
/// <remarks>One thread writes. Others may read what is no longer written.</remarks>
internal sealed class RowIndex<TKey>
    where TKey : notnull
{
    private readonly bool _perWindowLength;

    // A row plus one, so that zero is the end of a chain.
    private int[] _buckets;
    private int[] _next;
    private int[] _hashes;

    /// <param name="capacityRows">A power of two.</param>
    /// <param name="perWindowLength">Whether a key has a row for each length of windows.</param>
    public RowIndex(int capacityRows, bool perWindowLength)
    {
        _perWindowLength = perWindowLength;
        _buckets = new int[2 * capacityRows];
        _next = new int[capacityRows];
        _hashes = new int[capacityRows];
    }

    public static int HashOf(TKey key) => EqualityComparer<TKey>.Default.GetHashCode(key);

    /// <summary>The chain of a hash.</summary>
    public int BucketOf(int hash) => (int)((uint)hash * 0x9E3779B9u >> 7) & (_buckets.Length - 1);

    public int HashOfRow(int row) => _hashes[row];

    public int BucketOfRow(int row) => BucketOf(_hashes[row]);

    /// <summary>The row of a key and of windows of this length; -1 for none.</summary>
    public int FindExact(ResultBatch<TKey> rows, TKey key, long lengthTicks)
    {
        var row = Find(rows, key, HashOf(key), lengthTicks);
        return row >= 0 && LengthOf(rows, row) == lengthTicks ? row : -1;
    }

    /// <summary>The row of a key and, where it has several, of windows of this length; -1 for none.</summary>
    public int Find(ResultBatch<TKey> rows, TKey key, int hash, long lengthTicks)
    {
        for (var row = _buckets[BucketOf(hash)] - 1; row >= 0; row = _next[row] - 1)
        {
            if (_hashes[row] == hash
                && EqualityComparer<TKey>.Default.Equals(rows.KeyAt(row), key)
                && (!_perWindowLength || LengthOf(rows, row) == lengthTicks))
            {
                return row;
            }
        }

        return -1;
    }

    /// <summary>
    /// The row of a key; where it has several, that of the window that ends last, of equal ones the shortest.
    /// </summary>
    public int FindNewest(ResultBatch<TKey> rows, TKey key)
    {
        var (newest, hash) = (-1, HashOf(key));
        for (var row = _buckets[BucketOf(hash)] - 1; row >= 0; row = _next[row] - 1)
        {
            if (_hashes[row] == hash
                && EqualityComparer<TKey>.Default.Equals(rows.KeyAt(row), key)
                && (newest < 0 || IsNewer(rows, row, newest)))
            {
                newest = row;
            }
        }

        return newest;
    }

    /// <summary>Puts a row before the others of its chain, which changes.</summary>
    public void Link(int row, int hash)
    {
        ref var head = ref _buckets[BucketOf(hash)];
        _hashes[row] = hash;
        _next[row] = head;
        head = row + 1;
    }

    /// <summary>
    /// Takes a row out of its chain. Returns the row before it, which changes; -1 where the chain's head does.
    /// </summary>
    public int Unlink(int row)
    {
        ref var place = ref _buckets[BucketOfRow(row)];
        var before = -1;
        while (place != row + 1)
        {
            before = place - 1;
            place = ref _next[before];
        }

        place = _next[row];
        return before;
    }

    /// <summary>Copies what belongs to a row.</summary>
    public void CopyRow(RowIndex<TKey> other, int row) =>
        (_next[row], _hashes[row]) = (other._next[row], other._hashes[row]);

    public void CopyBucket(RowIndex<TKey> other, int bucket) => _buckets[bucket] = other._buckets[bucket];

    /// <summary>Becomes equal to another. Allocates where that is larger.</summary>
    public void CopyFrom(RowIndex<TKey> other, int count)
    {
        if (_buckets.Length != other._buckets.Length)
        {
            _buckets = new int[other._buckets.Length];
            _next = new int[other._next.Length];
            _hashes = new int[other._hashes.Length];
        }

        other._buckets.CopyTo(_buckets, 0);
        Array.Copy(other._next, _next, count);
        Array.Copy(other._hashes, _hashes, count);
    }

    /// <summary>Doubles the room. All chains change.</summary>
    public void Grow(int count)
    {
        _buckets = new int[2 * _buckets.Length];
        Array.Resize(ref _next, 2 * _next.Length);
        Array.Resize(ref _hashes, 2 * _hashes.Length);
        for (var row = 0; row < count; row++)
            Link(row, _hashes[row]);
    }

    private static bool IsNewer(ResultBatch<TKey> rows, int row, int other)
    {
        ref readonly var a = ref rows.HeaderAt(row);
        ref readonly var b = ref rows.HeaderAt(other);
        return a.EndTicks != b.EndTicks ? a.EndTicks > b.EndTicks : a.StartTicks > b.StartTicks;
    }

    private static long LengthOf(ResultBatch<TKey> rows, int row)
    {
        ref readonly var header = ref rows.HeaderAt(row);
        return header.EndTicks - header.StartTicks;
    }
}
