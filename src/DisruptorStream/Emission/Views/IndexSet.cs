namespace DisruptorStream.Emission.Views;

/// <summary>A set of small numbers that is quick to fill, to go through and to empty.</summary>
/// <remarks>One thread. Allocates only where it holds more than ever before.</remarks>
internal sealed class IndexSet
{
    private const int BitsPerWord = 64;

    private ulong[] _bits = [];
    private int[] _items = new int[16];
    private int _count;

    /// <summary>What was added, the removed ones included until they are taken.</summary>
    public ReadOnlySpan<int> Items => _items.AsSpan(0, _count);

    public bool Contains(int index) =>
        index / BitsPerWord < _bits.Length && (_bits[index / BitsPerWord] >> index & 1) != 0;

    public void Add(int index)
    {
        if (Contains(index))
            return;
        if (index / BitsPerWord >= _bits.Length)
            Array.Resize(ref _bits, Math.Max((index / BitsPerWord) + 1, 2 * _bits.Length));
        if (_count == _items.Length)
            Array.Resize(ref _items, 2 * _count);
        _bits[index / BitsPerWord] |= 1UL << index;
        _items[_count++] = index;
    }

    public void Remove(int index)
    {
        if (Contains(index))
            _bits[index / BitsPerWord] &= ~(1UL << index);
    }

    /// <summary>Takes one out, if there is one.</summary>
    public bool TryTake(out int index)
    {
        while (_count > 0)
        {
            index = _items[--_count];
            if (!Contains(index))
                continue;
            Remove(index);
            return true;
        }

        index = -1;
        return false;
    }

    public void Clear()
    {
        foreach (var index in Items)
            Remove(index);
        _count = 0;
    }
}
