using System.Buffers;

namespace DisruptorStream.Codecs.Hashing;

/// <summary>As <see cref="HashingCodec{TKey}"/>, for a part of a key whose type is known at run time alone.</summary>
internal sealed class HashingPart : IKeyCodec
{
    private readonly IKeyCodec _codec;
    private readonly KeyHash _hash;
    private readonly int _marks;

    /// <param name="codec">The codec of the part.</param>
    /// <param name="hash">Makes the hashes.</param>
    /// <param name="marks">The bytes that it writes before those of a part, which say whether that is null.</param>
    public HashingPart(IKeyCodec codec, KeyHash hash, int marks)
    {
        _marks = marks;
        _codec = codec;
        _hash = hash;
    }

    public string Name => _codec.Name;

    public void WriteObject(object? key, IBufferWriter<byte> output) => _hash.Write(key, _codec, output, _marks);

    public object? ReadObject(ReadOnlySpan<byte> source, out int bytesRead) =>
        _codec.ReadObject(source, out bytesRead);
}
