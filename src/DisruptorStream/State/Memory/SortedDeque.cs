namespace DisruptorStream.State.Memory;

/// <summary>Items in ascending order of a 64-bit key; cheap at both ends, which is where time moves.</summary>
internal sealed class SortedDeque<T>
    where T : class
{
    private long[] _keys = new long[16];
    private T?[] _items = new T?[16];
    private int _head;

    public int Count { get; private set; }

    public T this[int index] => _items[_head + index]!;

    public long KeyAt(int index) => _keys[_head + index];

    /// <summary>The index of the key, or the complement of the index at which it would be inserted.</summary>
    public int IndexOf(long key)
    {
        if (Count == 0 || _keys[_head + Count - 1] < key)
            return ~Count;
        var found = _keys.AsSpan(_head, Count).BinarySearch(key);
        return found;
    }

    public T? Find(long key)
    {
        var index = IndexOf(key);
        return index < 0 ? null : this[index];
    }

    /// <summary>The index of the first key at or after this one; <see cref="Count"/> when there is none.</summary>
    public int FirstAtOrAfter(long key)
    {
        var index = IndexOf(key);
        return index < 0 ? ~index : index;
    }

    /// <summary>Inserts at the place that <see cref="IndexOf"/> gave.</summary>
    public void Insert(int index, long key, T item)
    {
        if (_head + Count == _keys.Length)
            MakeRoom();
        var at = _head + index;
        var moved = Count - index;
        Array.Copy(_keys, at, _keys, at + 1, moved);
        Array.Copy(_items, at, _items, at + 1, moved);
        _keys[at] = key;
        _items[at] = item;
        Count++;
    }

    public T RemoveFirst()
    {
        var item = _items[_head]!;
        _items[_head++] = null;
        if (--Count == 0)
            _head = 0;
        return item;
    }

    private void MakeRoom()
    {
        if (_head > _keys.Length / 2)
        {
            Array.Copy(_keys, _head, _keys, 0, Count);
            Array.Copy(_items, _head, _items, 0, Count);
            Array.Clear(_items, Count, _items.Length - Count);
            _head = 0;
            return;
        }

        Array.Resize(ref _keys, _keys.Length * 2);
        Array.Resize(ref _items, _items.Length * 2);
    }
}
