using System.Buffers;
using System.IO.Pipelines;

namespace DisruptorStream.Cli.Input;

/// <summary>Cuts an input into records: lines, where a line break within double quotes belongs to the record.</summary>
/// <remarks>Memory is bounded by the longest record, which is limited.</remarks>
internal sealed class LineReader : IAsyncDisposable
{
    /// <summary>The longest record.</summary>
    public const int MaxRecordBytes = 16 << 20;

    private const int BufferBytes = 1 << 20;

    private readonly PipeReader _pipe;
    private readonly bool _hasQuotes;
    private ReadOnlySequence<byte> _buffer;
    private byte[] _straddling = [];
    private bool _isCompleted;
    private bool _isReading;
    private long _breaksInRecord;

    /// <param name="stream">The input; disposed with the reader.</param>
    /// <param name="hasQuotes">Whether line breaks may be quoted.</param>
    public LineReader(Stream stream, bool hasQuotes)
    {
        _pipe = PipeReader.Create(
            stream, new StreamPipeReaderOptions(bufferSize: BufferBytes, minimumReadSize: BufferBytes / 4));
        _hasQuotes = hasQuotes;
    }

    /// <summary>The line on which the newest record begins, from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>
    /// The next record of what has been read, without its line break; valid until the next call of any member.
    /// </summary>
    /// <returns>False when more must be read first.</returns>
    public bool TryRead(out ReadOnlySpan<byte> record)
    {
        var length = FindEnd(out var breaks);
        if (length < 0)
        {
            if (!_isCompleted || _buffer.IsEmpty)
            {
                record = default;
                return false;
            }

            length = (int)_buffer.Length;
        }

        record = Contiguous(length);
        _buffer = _buffer.Slice(Math.Min(length + 1, _buffer.Length));
        LineNumber += 1 + _breaksInRecord;
        _breaksInRecord = breaks;
        if (record.Length > 0 && record[^1] == '\r')
            record = record[..^1];
        return true;
    }

    /// <summary>Reads more of the input. Returns false at its end.</summary>
    /// <exception cref="InvalidDataException">A record is too long.</exception>
    public async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_isCompleted)
            return false;
        if (_buffer.Length > MaxRecordBytes)
        {
            throw new InvalidDataException(
                $"The record on line {LineNumber + 1} is longer than {MaxRecordBytes} bytes; a double quote may "
                + "lack its partner.");
        }

        if (_isReading)
            _pipe.AdvanceTo(_buffer.Start, _buffer.End);
        var result = await _pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
        _isReading = true;
        _buffer = result.Buffer;
        _isCompleted = result.IsCompleted;
        return true;
    }

    public ValueTask DisposeAsync() => _pipe.CompleteAsync();

    /// <summary>The length of the record at the front; -1 when its end is not there yet.</summary>
    private int FindEnd(out int breaks)
    {
        breaks = 0;
        var first = _buffer.FirstSpan;
        var end = first.IndexOf((byte)'\n');
        if (end >= 0 && (!_hasQuotes || !first[..end].Contains((byte)'"')))
            return end;
        return _buffer.IsEmpty ? -1 : FindEndSlowly(ref breaks);
    }

    private int FindEndSlowly(ref int breaks)
    {
        var isQuoted = false;
        var length = 0;
        foreach (var segment in _buffer)
        {
            var rest = segment.Span;
            while (true)
            {
                var place = rest.IndexOfAny((byte)'\n', (byte)'"');
                if (place < 0)
                    break;
                if (rest[place] == '"')
                    isQuoted ^= _hasQuotes;
                else if (!isQuoted)
                    return length + place;
                else
                    breaks++;
                length += place + 1;
                rest = rest[(place + 1)..];
            }

            length += rest.Length;
        }

        return -1;
    }

    private ReadOnlySpan<byte> Contiguous(int length)
    {
        if (_buffer.FirstSpan.Length >= length)
            return _buffer.FirstSpan[..length];
        if (_straddling.Length < length)
            _straddling = new byte[Math.Max(length, _straddling.Length * 2)];
        _buffer.Slice(0, length).CopyTo(_straddling);
        return _straddling.AsSpan(0, length);
    }
}
