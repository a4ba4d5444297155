namespace DisruptorStream.Cli.Tests.Input.Records;

/// <summary>Gives at most a number of bytes at a time, as a pipe would.</summary>
internal sealed class ChunkedStream : MemoryStream
{
    private readonly int _chunkBytes;

    public ChunkedStream(byte[] bytes, int chunkBytes)
        : base(bytes) => _chunkBytes = chunkBytes;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        base.ReadAsync(buffer[..Math.Min(buffer.Length, _chunkBytes)], cancellationToken);
}
