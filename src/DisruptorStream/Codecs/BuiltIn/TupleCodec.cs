using System.Buffers;

namespace DisruptorStream.Codecs.BuiltIn;

/// <summary>Tuples, one part after the other.</summary>
internal sealed class TupleCodec<TKey> : IKeyCodec<TKey>
{
    private readonly TupleParts _parts;

    public TupleCodec(TupleParts parts) => _parts = parts;

    /// <summary>One that writes and reads the parts with other codecs; null where one has none.</summary>
    /// <param name="codecOf">The codec of parts of a type; null where they have none.</param>
    public TupleCodec<TKey>? Over(Func<Type, IKeyCodec?> codecOf) =>
        _parts.Over(codecOf) is { } parts ? new TupleCodec<TKey>(parts) : null;

    public string Name => _parts.Name;

    public void Write(TKey key, IBufferWriter<byte> output) => _parts.Write(key!, output);

    public TKey Read(ReadOnlySpan<byte> source, out int bytesRead)
    {
        object tuple = default(TKey)!;
        bytesRead = _parts.Read(tuple, source);
        return (TKey)tuple;
    }
}
