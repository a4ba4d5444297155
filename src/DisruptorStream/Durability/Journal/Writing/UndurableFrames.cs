using DisruptorStream.Durability.Journal.Format;

namespace DisruptorStream.Durability.Journal.Writing;

/// <summary>Copies of what was appended beside slots and is not durable yet, so that it can be written again.</summary>
internal sealed class UndurableFrames
{
    private byte[] _bytes = new byte[4096];
    private Entry[] _entries = new Entry[64];
    private int _first;
    private int _count;
    private int _usedBytes;

    /// <summary>How many there are.</summary>
    public int Count => _count;

    /// <summary>Keeps a payload, which no frame holds yet.</summary>
    public void Add(FrameKind kind, int count, ReadOnlySpan<byte> payload)
    {
        if (_first + _count == _entries.Length || _usedBytes + payload.Length > _bytes.Length)
            MakeRoom(payload.Length);
        payload.CopyTo(_bytes.AsSpan(_usedBytes));
        _entries[_first + _count++] = new Entry(kind, long.MaxValue, count, _usedBytes, payload.Length);
        _usedBytes += payload.Length;
    }

    /// <summary>The frame that holds the end of a payload.</summary>
    public void SetOrdinal(int index, long ordinal)
    {
        ref var entry = ref _entries[_first + index];
        entry = entry with { Ordinal = ordinal };
    }

    /// <summary>A payload.</summary>
    public ReadOnlySpan<byte> Get(int index, out FrameKind kind, out int count)
    {
        var entry = _entries[_first + index];
        (kind, count) = (entry.Kind, entry.Count);
        return _bytes.AsSpan(entry.Start, entry.Length);
    }

    /// <summary>Forgets those that are durable.</summary>
    public void Forget(long durableOrdinal)
    {
        while (_count > 0 && _entries[_first].Ordinal <= durableOrdinal)
        {
            _first++;
            _count--;
        }

        if (_count > 0)
            return;
        _first = 0;
        _usedBytes = 0;
    }

    // First to the front, then a longer array.
    private void MakeRoom(int neededBytes)
    {
        var start = _count == 0 ? _usedBytes : _entries[_first].Start;
        var used = _usedBytes - start;
        var bytes = used + neededBytes > _bytes.Length / 2 ? new byte[2 * (used + neededBytes)] : _bytes;
        Array.Copy(_bytes, start, bytes, 0, used);
        var entries = _count >= _entries.Length / 2 ? new Entry[2 * _entries.Length] : _entries;
        Array.Copy(_entries, _first, entries, 0, _count);
        for (var index = 0; index < _count; index++)
            entries[index] = entries[index] with { Start = entries[index].Start - start };
        (_bytes, _entries, _first, _usedBytes) = (bytes, entries, 0, used);
    }

    private readonly record struct Entry(FrameKind Kind, long Ordinal, int Count, int Start, int Length);
}
