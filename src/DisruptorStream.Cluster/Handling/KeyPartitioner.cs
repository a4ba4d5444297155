using System.Buffers;
using System.IO.Hashing;
using DisruptorStream.Codecs;
using DisruptorStream.Ingest.Fields;

namespace DisruptorStream.Cluster.Handling;

/// <summary>Finds the partition of a key: by a hash that is the same in every process and every version.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// XXH3 of 64 bits, seed 0 (https://github.com/Cyan4973/xxHash), of the bytes that the key's codec writes, modulo the
/// count of partitions. Any thread.
/// </remarks>
internal sealed class KeyPartitioner<TEvent, TKey>
    where TKey : notnull
{
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _bytes;

    private readonly FieldReader<TEvent, TKey> _fields;
    private readonly IKeyCodec<TKey> _codec;
    private readonly uint _partitions;

    /// <param name="fields">Reads the key of an event.</param>
    /// <param name="codec">Writes a key.</param>
    /// <param name="partitions">How many partitions there are.</param>
    public KeyPartitioner(FieldReader<TEvent, TKey> fields, IKeyCodec<TKey> codec, int partitions) =>
        (_fields, _codec, _partitions) = (fields, codec, (uint)partitions);

    /// <summary>The partition of an event; of one without a key the first, where it is counted as dropped.</summary>
    public int PartitionOf(in TEvent one) => _fields.ReadKey(in one) is { } key ? PartitionOf(key) : 0;

    /// <summary>
    /// As <see cref="PartitionOf(in TEvent)"/>; of one whose key cannot be read the first, where it is a bad one.
    /// </summary>
    public int PlaceOf(in TEvent one)
    {
        try
        {
            return PartitionOf(in one);
        }
        catch (Exception)
        {
            return 0;
        }
    }

    /// <summary>The partition of a key.</summary>
    public int PartitionOf(TKey key)
    {
        var bytes = _bytes ??= new ArrayBufferWriter<byte>();
        bytes.ResetWrittenCount();
        _codec.Write(key, bytes);
        return (int)(XxHash3.HashToUInt64(bytes.WrittenSpan) % _partitions);
    }
}
