using System.Buffers;

namespace DisruptorStream.Codecs.Hashing;

/// <summary>Writes hashes in place of keys, and reads keys: what it has written is read as its hash.</summary>
internal sealed class HashingCodec<TKey> : IKeyCodec<TKey>
{
    private readonly IKeyCodec<TKey> _codec;
    private readonly KeyHash _hash;

    /// <param name="codec">The codec of the keys.</param>
    /// <param name="hash">Makes the hashes.</param>
    public HashingCodec(IKeyCodec<TKey> codec, KeyHash hash)
    {
        _codec = codec;
        _hash = hash;
    }

    public string Name => _codec.Name;

    public void Write(TKey key, IBufferWriter<byte> output) => _hash.Write(key, _codec, output);

    public TKey Read(ReadOnlySpan<byte> source, out int bytesRead) => _codec.Read(source, out bytesRead);
}
