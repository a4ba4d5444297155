namespace DisruptorStream.Cluster.Handling;

/// <summary>Lines that are not in a log yet, in their order.</summary>
/// <remarks>One caller at a time.</remarks>
internal sealed class PendingLines
{
    private readonly Queue<int> _lengths = new();
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <summary>How many there are.</summary>
    public int Count => _lengths.Count;

    /// <summary>How many bytes they have.</summary>
    public int Bytes => _end - _start;

    /// <summary>Adds a line, its end included.</summary>
    public void Add(ReadOnlySpan<byte> line)
    {
        Reserve(line.Length);
        line.CopyTo(_bytes.AsSpan(_end));
        _end += line.Length;
        _lengths.Enqueue(line.Length);
    }

    /// <summary>Takes the first lines, as many as there is room for, but at least one where there is one.</summary>
    /// <param name="mostBytes">How many bytes there is room for.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="mostLines">How many lines there is room for.</param>
    public byte[] Take(int mostBytes, out int count, int mostLines = int.MaxValue)
    {
        count = 0;
        var bytes = 0;
        while (count < mostLines && _lengths.TryPeek(out var next) && (count == 0 || bytes + next <= mostBytes))
        {
            bytes += _lengths.Dequeue();
            count++;
        }

        var body = _bytes.AsSpan(_start, bytes).ToArray();
        Drop(bytes);
        return body;
    }

    /// <summary>Takes out the first lines, if they are those of a body.</summary>
    /// <param name="body">Lines, as a log has them.</param>
    /// <param name="count">How many.</param>
    /// <returns>Whether they were the same, to the bit.</returns>
    public bool TryTake(ReadOnlySpan<byte> body, int count)
    {
        if (count > Count || body.Length > Bytes || !_bytes.AsSpan(_start, body.Length).SequenceEqual(body))
            return false;
        var bytes = 0;
        for (var row = 0; row < count; row++)
            bytes += _lengths.Dequeue();
        Drop(bytes);
        return bytes == body.Length;
    }

    /// <summary>Takes over what another one has: that comes before what is here already.</summary>
    public void GoOnFrom(PendingLines before)
    {
        int[] lengths = [.. before._lengths, .. _lengths];
        var bytes = new byte[before.Bytes + Bytes];
        before._bytes.AsSpan(before._start, before.Bytes).CopyTo(bytes);
        _bytes.AsSpan(_start, Bytes).CopyTo(bytes.AsSpan(before.Bytes));
        _lengths.Clear();
        foreach (var length in lengths)
            _lengths.Enqueue(length);
        (_bytes, _start, _end) = (bytes, 0, bytes.Length);
    }

    private void Drop(int bytes)
    {
        _start += bytes;
        if (_start == _end)
            (_start, _end) = (0, 0);
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _end >= count)
            return;
        var used = Bytes;
        var larger = used + count <= _bytes.Length / 2
            ? _bytes
            : new byte[Math.Max(4096, checked((int)Math.Min(Array.MaxLength, 2L * (used + (long)count))))];
        Buffer.BlockCopy(_bytes, _start, larger, 0, used);
        (_bytes, _start, _end) = (larger, 0, used);
    }
}
