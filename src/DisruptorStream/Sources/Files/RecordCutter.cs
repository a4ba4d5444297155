using System.Buffers.Binary;

namespace DisruptorStream.Sources.Files;

/// <summary>Cuts bytes of a file into records.</summary>
internal sealed class RecordCutter
{
    private const int FirstBytes = 1 << 16;
    private const byte LineFeed = (byte)'\n';
    private const byte CarriageReturn = (byte)'\r';
    private const int LengthBytes = sizeof(int);

    private readonly RecordFraming _framing;
    private readonly int _maxBytes;
    private byte[] _bytes = new byte[FirstBytes];
    private int _start;
    private int _end;
    private int _scanned;
    private long _dropped;

    /// <param name="framing">Where a record ends.</param>
    /// <param name="maxBytes">The longest record.</param>
    public RecordCutter(RecordFraming framing, int maxBytes)
    {
        _framing = framing;
        _maxBytes = maxBytes;
    }

    /// <summary>Bytes that were taken, and are in no record yet.</summary>
    public long Rest => _dropped + Kept;

    private int Kept => _end - _start;

    /// <summary>Where the next bytes of the file go; then call <see cref="Take"/>.</summary>
    public Span<byte> Room()
    {
        if (_start > 0)
        {
            _bytes.AsSpan(_start, Kept).CopyTo(_bytes);
            (_start, _end, _scanned) = (0, Kept, _scanned - _start);
        }

        if (_end == _bytes.Length)
            Array.Resize(ref _bytes, 2 * _bytes.Length);
        return _bytes.AsSpan(_end);
    }

    /// <summary>So many bytes have come.</summary>
    public void Take(int count) => _end += count;

    /// <summary>Forgets what is here.</summary>
    public void Clear() => (_start, _end, _scanned, _dropped) = (0, 0, 0, 0);

    /// <summary>Cuts the next record off.</summary>
    /// <param name="record">Valid until the next call of any member.</param>
    /// <param name="taken">Its bytes with what frames them.</param>
    /// <param name="isTooLong">Whether it is longer than records may be: then its bytes are not there.</param>
    /// <returns>False where it is not whole.</returns>
    /// <exception cref="InvalidDataException">A length is none.</exception>
    public bool TryCut(out ReadOnlySpan<byte> record, out long taken, out bool isTooLong) => _framing
        == RecordFraming.Lines
        ? TryCutLine(out record, out taken, out isTooLong)
        : TryCutFrame(out record, out taken, out isTooLong);

    /// <summary>No more comes: cuts off what is here, as the last line.</summary>
    /// <exception cref="InvalidDataException">It is a part of a record that has a length.</exception>
    public ReadOnlySpan<byte> CutRest(out long taken, out bool isTooLong)
    {
        if (_framing == RecordFraming.LengthPrefixed)
        {
            throw new InvalidDataException(
                $"the file ends in the middle of a record, of which {Rest} bytes are there");
        }

        var rest = _bytes.AsSpan(_start, Kept);
        (taken, isTooLong) = (Rest, _dropped > 0 || Kept > _maxBytes);
        Clear();
        return isTooLong ? default : WithoutReturn(rest);
    }

    private bool TryCutLine(out ReadOnlySpan<byte> record, out long taken, out bool isTooLong)
    {
        record = default;
        taken = 0;
        isTooLong = false;
        var found = _bytes.AsSpan(_scanned, _end - _scanned).IndexOf(LineFeed);
        if (found < 0)
        {
            _scanned = _end;

            // A line that is too long need not be kept until its end comes.
            if (Kept > _maxBytes)
                (_dropped, _start, _end, _scanned) = (Rest, 0, 0, 0);
            return false;
        }

        var line = _bytes.AsSpan(_start, _scanned + found - _start);
        taken = _dropped + line.Length + 1;
        isTooLong = _dropped > 0 || line.Length > _maxBytes;
        _start += line.Length + 1;
        _scanned = _start;
        _dropped = 0;
        if (!isTooLong)
            record = WithoutReturn(line);
        return true;
    }

    private bool TryCutFrame(out ReadOnlySpan<byte> record, out long taken, out bool isTooLong)
    {
        record = default;
        taken = 0;
        isTooLong = false;
        if (Kept < LengthBytes)
            return false;
        var length = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(_start));
        if (length < 0 || length > _maxBytes)
            throw new InvalidDataException($"its length is {length}, and a record has at most {_maxBytes} bytes");
        if (Kept - LengthBytes < length)
            return false;
        record = _bytes.AsSpan(_start + LengthBytes, length);
        taken = LengthBytes + length;
        _start += LengthBytes + length;
        _scanned = _start;
        return true;
    }

    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) =>
        line.Length > 0 && line[^1] == CarriageReturn ? line[..^1] : line;
}
