using System.Text;
using ZstdSharp;

namespace DisruptorStream.Cli.Input.Decoding;

/// <summary>
/// An input as UTF-8 without a byte order mark, whatever it is compressed by and written in. Its first bytes say that.
/// </summary>
internal sealed class DecodingStream : ForwardStream
{
    private const int HeadBytes = 4096;
    private const int LeastHeadBytes = 4;
    private const int MostLayers = 3;
    private const string StandardInput = "-";

    private readonly string _name;
    private readonly Stream _stream;
    private readonly TextEncoding _encoding;
    private Stream? _text;
    private string? _compression;
    private long _textBytes;

    /// <summary>Whether a byte order mark has said how the text is written; known once some of it is read.</summary>
    public bool HasMark { get; private set; }

    /// <param name="name">What messages call the input.</param>
    /// <param name="stream">The input; disposed with this.</param>
    /// <param name="encoding">What it is written in, unless a byte order mark says otherwise.</param>
    public DecodingStream(string name, Stream stream, TextEncoding encoding)
    {
        _name = name;
        _stream = stream;
        _encoding = encoding;
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <exception cref="InvalidDataException">The input is damaged, or no text.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_text is null)
            await OpenAsync(cancellationToken).ConfigureAwait(false);
        var bytes = await ReadLayerAsync(_text!, buffer, cancellationToken).ConfigureAwait(false);
        _textBytes += bytes;
        return bytes;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _text?.Dispose();
            _stream.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        var stream = _stream;
        for (var layer = 0; ; layer++)
        {
            var head = await ReadHeadAsync(stream, cancellationToken).ConfigureAwait(false);
            var isGzip = BinaryKind.IsGzip(head.Span);
            if (layer == MostLayers || !(isGzip || BinaryKind.IsZstd(head.Span)))
            {
                _text = OpenText(head, stream);
                return;
            }

            var prefixed = new PrefixedStream(head, stream);
            _compression = isGzip ? "gzip" : "zstd";
            stream = isGzip
                ? new GzipMembers(prefixed)
                : new DecompressionStream(prefixed);
        }
    }

    private async ValueTask<ReadOnlyMemory<byte>> ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        // No more than one read as a rule: what comes from a pipe is not waited for.
        var head = new byte[HeadBytes];
        var length = 0;
        int bytes;
        do
        {
            bytes = await ReadLayerAsync(stream, head.AsMemory(length), cancellationToken).ConfigureAwait(false);
            length += bytes;
        }
        while (bytes > 0 && length < LeastHeadBytes);
        return head.AsMemory(0, length);
    }

    private async ValueTask<int> ReadLayerAsync(
        Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (_compression is not null
            && exception is InvalidDataException or EndOfStreamException or ZstdException or TrailingBytesException)
        {
            throw new InvalidDataException(exception is TrailingBytesException
                ? $"{_name} is damaged: after {_textBytes} bytes of text its {_compression} data end, and something "
                    + "else follows them."
                : $"{_name} is damaged or cut off: its {_compression} data end or break after {_textBytes} bytes of "
                    + "text.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var input = _name == StandardInput ? "The standard input" : $"The input '{_name}'";
            throw new IOException($"{input} cannot be read: {exception.Message.TrimEnd('.')}.", exception);
        }
    }

    private Stream OpenText(ReadOnlyMemory<byte> head, Stream stream)
    {
        var bytes = head.Span;
        HasMark = bytes.StartsWith(Encoding.UTF8.Preamble) || bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        if (bytes.StartsWith(Encoding.UTF8.Preamble))
            return new PrefixedStream(head[Encoding.UTF8.Preamble.Length..], stream);
        if (BinaryKind.IsUtf32(bytes))
            throw NoText("is text in UTF-32; dstream reads UTF-8 and UTF-16.");
        if (BinaryKind.Describe(bytes) is { } kind)
            throw NoText($"is {kind}, and not text; dstream reads text, also within gzip or zstd.");
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return TranscodingStream.FromUtf16(new PrefixedStream(head[2..], stream), bytes[0] == 0xFE);
        var isUtf16 = BinaryKind.IsUtf16(bytes, out var isBigEndian);
        if (_encoding == TextEncoding.Utf16)
            return TranscodingStream.FromUtf16(new PrefixedStream(head, stream), isUtf16 && isBigEndian);
        if (isUtf16)
            throw NoText("looks like UTF-16; say so with --encoding utf-16.");
        if (BinaryKind.IsBinary(bytes))
            throw NoText("is binary data, and not text.");
        var text = new PrefixedStream(head, stream);
        return _encoding switch
        {
            TextEncoding.Latin1 => TranscodingStream.FromLatin1(text),
            TextEncoding.Windows1252 => TranscodingStream.FromWindows1252(text),
            _ => text,
        };
    }

    private InvalidDataException NoText(string problem) => new($"{_name} {problem}");
}
