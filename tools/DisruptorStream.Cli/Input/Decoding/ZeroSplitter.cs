namespace DisruptorStream.Cli.Input.Decoding;

/// <summary>The bytes of a stream in portions, each of which ends in a byte other than zero, or is all zeros.</summary>
/// <remarks>
/// The class library asks for more until the stream ends, unless bytes are left that are no gzip; it does not say how
/// many are left. By its last portion they can be told from padding all the same.
/// </remarks>
internal sealed class ZeroSplitter : ForwardStream
{
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _isCompleted;
    private bool _isZeros;

    /// <param name="stream">The bytes; disposed with this.</param>
    public ZeroSplitter(Stream stream) => _stream = stream;

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_start == _end)
        {
            _start = 0;
            _end = await _stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false);
            _isCompleted = _end == 0;
        }

        var portion = _buffer.AsSpan(_start, Math.Min(buffer.Length, _end - _start));
        var end = portion.LastIndexOfAnyExcept((byte)0) + 1;
        _isZeros = end == 0;
        if (end > 0)
            portion = portion[..end];
        portion.CopyTo(buffer.Span);
        _start += portion.Length;
        return portion.Length;
    }

    /// <summary>Reads what follows the last portion that was of use, to the end.</summary>
    /// <exception cref="TrailingBytesException">It is not all zeros.</exception>
    public async ValueTask ReadPaddingAsync(CancellationToken cancellationToken)
    {
        var portion = new byte[_buffer.Length];
        while (!_isCompleted)
        {
            if (!_isZeros)
                throw new TrailingBytesException();
            await ReadAsync(portion, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _stream.Dispose();
        base.Dispose(disposing);
    }
}
