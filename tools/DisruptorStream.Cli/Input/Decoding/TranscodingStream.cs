using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace DisruptorStream.Cli.Input.Decoding;

/// <summary>Makes UTF-8 of another encoding.</summary>
/// <remarks>
/// What is no character becomes a byte that UTF-8 does not have, so that its line is bad: a replacement character would
/// make one key of several.
/// </remarks>
internal sealed class TranscodingStream : ForwardStream
{
    private const byte NoCharacter = 0xFF;
    private const int ReadBytes = 1 << 16;

    private readonly Stream _stream;
    private readonly char[]? _charOfByte;
    private readonly bool _isBigEndian;
    private readonly byte[] _bytes = new byte[ReadBytes];
    private readonly char[] _chars = new char[ReadBytes + 1];
    private readonly byte[] _utf8 = new byte[(ReadBytes + 1) * 3];
    private int _byteCount;
    private int _charCount;
    private int _start;
    private int _end;
    private bool _isCompleted;

    private TranscodingStream(Stream stream, char[]? charOfByte, bool isBigEndian)
    {
        _stream = stream;
        _charOfByte = charOfByte;
        _isBigEndian = isBigEndian;
    }

    public static TranscodingStream FromUtf16(Stream stream, bool isBigEndian) => new(stream, null, isBigEndian);

    public static TranscodingStream FromLatin1(Stream stream) => new(stream, CharsOf(Encoding.Latin1), false);

    public static TranscodingStream FromWindows1252(Stream stream) =>
        new(stream, CharsOf(CodePagesEncodingProvider.Instance.GetEncoding(1252)!), false);

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_start == _end && !_isCompleted)
        {
            var read = await _stream.ReadAsync(_bytes.AsMemory(_byteCount), cancellationToken).ConfigureAwait(false);
            _isCompleted = read == 0;
            _byteCount += read;
            TakeChars();
            TakeUtf8();
        }

        var length = Math.Min(buffer.Length, _end - _start);
        _utf8.AsSpan(_start, length).CopyTo(buffer.Span);
        _start += length;
        return length;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _stream.Dispose();
        base.Dispose(disposing);
    }

    private static char[] CharsOf(Encoding encoding) => encoding.GetChars([.. Enumerable.Range(0, 256).Select(
        one => (byte)one)]);

    private void TakeChars()
    {
        if (_charOfByte is not null)
        {
            for (var i = 0; i < _byteCount; i++)
                _chars[_charCount++] = _charOfByte[_bytes[i]];
            _byteCount = 0;
            return;
        }

        var pairs = _byteCount / 2;
        for (var i = 0; i < pairs; i++)
        {
            var pair = _bytes.AsSpan(i * 2);
            _chars[_charCount++] = (char)(_isBigEndian
                ? BinaryPrimitives.ReadUInt16BigEndian(pair)
                : BinaryPrimitives.ReadUInt16LittleEndian(pair));
        }

        if ((_byteCount & 1) != 0)
            _bytes[0] = _bytes[_byteCount - 1];
        _byteCount &= 1;
    }

    private void TakeUtf8()
    {
        var rest = _chars.AsSpan(0, _charCount);
        (_start, _end) = (0, 0);
        while (true)
        {
            var status = Utf8.FromUtf16(
                rest, _utf8.AsSpan(_end), out var read, out var written, replaceInvalidSequences: false, _isCompleted);
            rest = rest[read..];
            _end += written;
            if (status != OperationStatus.InvalidData)
                break;
            _utf8[_end++] = NoCharacter;
            rest = rest[1..];
        }

        // The first half of a pair waits for the second.
        rest.CopyTo(_chars);
        _charCount = rest.Length;
        if (_isCompleted && _byteCount > 0)
            _utf8[_end++] = NoCharacter;
    }
}
