using System.Buffers;
using DisruptorStream.Codecs;
using DisruptorStream.Durability.Recording;

namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>Writes hashes in place of texts, and reads texts: what it has written is read as its hash.</summary>
internal sealed class HashingCodec : IKeyCodec<string>
{
    private readonly IKeyCodec<string> _texts = KeyCodecs.Require<string>();
    private readonly byte[] _secret;

    /// <param name="secret">What the hashes depend on.</param>
    public HashingCodec(byte[] secret) => _secret = secret;

    public string Name => _texts.Name;

    public void Write(string key, IBufferWriter<byte> output) => _texts.Write(HashedKey.Of(key, _secret), output);

    public string Read(ReadOnlySpan<byte> source, out int bytesRead) => _texts.Read(source, out bytesRead);
}
