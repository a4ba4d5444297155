using System.IO.Compression;

namespace DisruptorStream.Cli.Input.Decoding;

/// <summary>The text of gzip data, to the end of their last member; nothing but zeros may follow that.</summary>
internal sealed class GzipMembers : ForwardStream
{
    private readonly ZeroSplitter _source;
    private readonly GZipStream _text;

    // Else data that are cut off read as if they ended there.
    static GzipMembers() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <param name="stream">The compressed bytes; disposed with this.</param>
    public GzipMembers(Stream stream)
    {
        _source = new ZeroSplitter(stream);
        _text = new GZipStream(_source, CompressionMode.Decompress);
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    /// <exception cref="TrailingBytesException">Something else follows the data.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var bytes = await _text.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (bytes == 0 && buffer.Length > 0)
            await _source.ReadPaddingAsync(cancellationToken).ConfigureAwait(false);
        return bytes;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _text.Dispose();
        base.Dispose(disposing);
    }
}
