using DisruptorStream.Cli.Input.Decoding;

namespace DisruptorStream.Cli.Files;

/// <summary>
/// Standard input or a named pipe, which may keep its reader waiting. Reads can be given up, which the streams of the
/// system do not allow.
/// </summary>
/// <remarks>
/// A read that has been given up goes on into a buffer of its own, so that it cannot write where others do. One read at
/// a time.
/// </remarks>
internal sealed class WaitingInput : ForwardStream
{
    private readonly Task<Stream> _stream;
    private readonly byte[] _buffer = new byte[1 << 18];

    /// <param name="open">
    /// Opens it, at once and on a thread of its own: a named pipe opens when somebody writes to it.
    /// </param>
    public WaitingInput(Func<Stream> open) => _stream = Task.Factory.StartNew(
        open, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public override int Read(byte[] buffer, int offset, int count) =>
        _stream.GetAwaiter().GetResult().Read(buffer, offset, count);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var stream = await _stream.WaitAsync(cancellationToken).ConfigureAwait(false);
        var own = _buffer.AsMemory(0, Math.Min(_buffer.Length, buffer.Length));
        var bytes = await Task.Run(() => stream.Read(own.Span), CancellationToken.None)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        own[..bytes].CopyTo(buffer);
        return bytes;
    }
}
