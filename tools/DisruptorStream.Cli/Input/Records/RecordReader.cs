using DisruptorStream.Cli.Input.Rows;

namespace DisruptorStream.Cli.Input.Records;

/// <summary>Reads a stream record by record.</summary>
/// <remarks>Memory is bounded by the longest record, which is limited.</remarks>
internal sealed class RecordReader : IAsyncDisposable
{
    /// <summary>The longest record that is read.</summary>
    public const int MaxRecordBytes = 16 << 20;

    private const int BufferBytes = 1 << 20;

    private readonly Stream _stream;
    private readonly RecordScanner _scanner;
    private byte[] _buffer = NewBuffer(BufferBytes);
    private int _start = PaddedBytes.Padding;
    private int _end = PaddedBytes.Padding;
    private int _breaks;
    private bool _isCompleted;

    // The record whose end is looked for is too long, and its beginning is gone.
    private bool _isDiscarding;

    // The scanner still has the newest record: its fields are asked for until the next one is looked for.
    private bool _isRead;

    /// <param name="stream">The input; disposed with the reader.</param>
    /// <param name="scanner">Finds the records.</param>
    public RecordReader(Stream stream, RecordScanner scanner)
    {
        _stream = stream;
        _scanner = scanner;
        _scanner.Reset();
    }

    /// <summary>The line on which the newest record begins, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>How many lines the newest record has beyond its first.</summary>
    public int FurtherLines => _breaks;

    /// <summary>Whether the newest record is too long, so that it is not there.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>
    /// The next record of what has been read, without its line break; valid until the next call of any member.
    /// </summary>
    /// <returns>False when more must be read first.</returns>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        record = default;
        var bytes = _buffer.AsSpan(_start, _end - _start);
        if (bytes.IsEmpty && !(_isDiscarding && _isCompleted))
            return false;
        if (_isRead)
        {
            _isRead = false;
            _scanner.Reset();
        }

        var taken = _scanner.Scan(bytes, _isCompleted);
        if (taken < 0)
            return false;
        LineNumber += 1 + _breaks;
        _breaks = _scanner.Breaks;
        IsTooLong = _isDiscarding || _scanner.Length > MaxRecordBytes;
        record = IsTooLong ? default : bytes[.._scanner.Length];
        (_isDiscarding, _isRead) = (false, true);
        _start += taken;
        return true;
    }

    /// <summary>
    /// What has been read from the next record on, for who reads whole records of it; nothing where the beginning of
    /// that one is gone. Valid until the next call of any member.
    /// </summary>
    public unsafe PaddedBytes Unread
    {
        get
        {
            // The buffer does not move.
            fixed (byte* buffer = _buffer)
                return new PaddedBytes(buffer + _start, _isDiscarding ? 0 : _end - _start);
        }
    }

    /// <summary>Goes on behind records that were read elsewhere, each of one line.</summary>
    public void Skip(int bytes, int records)
    {
        _scanner.Reset();
        LineNumber += records + _breaks;
        (_breaks, _isRead) = (0, false);
        _start += bytes;
    }

    /// <summary>Reads more of the input. Returns false at its end.</summary>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_isCompleted)
            return false;
        MakeRoom();
        var room = _buffer.AsMemory(_end, _buffer.Length - PaddedBytes.Padding - _end);
        var bytes = await _stream.ReadAsync(room, cancellationToken).ConfigureAwait(false);
        _end += bytes;
        _isCompleted = bytes == 0;
        return true;
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private void MakeRoom()
    {
        var length = _end - _start;
        if (length > MaxRecordBytes || _isDiscarding)
        {
            _scanner.Discard(length);
            _isDiscarding = true;
            length = 0;
        }
        else if (_start > PaddedBytes.Padding)
        {
            _buffer.AsSpan(_start, length).CopyTo(_buffer.AsSpan(PaddedBytes.Padding));
        }

        (_start, _end) = (PaddedBytes.Padding, PaddedBytes.Padding + length);
        var capacity = _buffer.Length - (2 * PaddedBytes.Padding);
        if (length <= capacity / 2)
            return;
        var larger = NewBuffer(capacity * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        _buffer = larger;
    }

    /// <summary>Short loads may go beyond both ends of what is in it.</summary>
    private static byte[] NewBuffer(int bytes) =>
        GC.AllocateUninitializedArray<byte>(bytes + (2 * PaddedBytes.Padding), pinned: true);
}
