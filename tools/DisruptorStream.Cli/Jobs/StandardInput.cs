using DisruptorStream.Cli.Input.Decoding;

namespace DisruptorStream.Cli.Jobs;

/// <summary>
/// Standard input, whose reads can be given up: those of the console wait for as long as nothing comes.
/// </summary>
/// <remarks>
/// A read that has been given up goes on into a buffer of its own, so that it cannot write where others do. One read at
/// a time.
/// </remarks>
internal sealed class StandardInput : ForwardStream
{
    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[1 << 18];

    public StandardInput(Stream stream) => _stream = stream;

    public override int Read(byte[] buffer, int offset, int count) => _stream.Read(buffer, offset, count);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var own = _buffer.AsMemory(0, Math.Min(_buffer.Length, buffer.Length));
        var bytes = await Task.Run(() => _stream.Read(own.Span), CancellationToken.None)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        own[..bytes].CopyTo(buffer);
        return bytes;
    }
}
