using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace DisruptorStream.Codecs.BuiltIn;

/// <summary>Members of an enum, as their number: names may change, numbers may not.</summary>
internal sealed class EnumCodec<TKey> : IKeyCodec<TKey>
{
    public string Name { get; } = PartCodec.EnumName(typeof(TKey));

    public void Write(TKey key, IBufferWriter<byte> output)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, EnumNumbers.Of(key));
        output.Write(bytes[..Unsafe.SizeOf<TKey>()]);
    }

    public TKey Read(ReadOnlySpan<byte> source, out int bytesRead)
    {
        bytesRead = Unsafe.SizeOf<TKey>();
        if (source.Length < bytesRead)
            KeyBytes.ThrowNoKey(Name);
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        bytes.Clear();
        source[..bytesRead].CopyTo(bytes);
        return EnumNumbers.ToMember<TKey>(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
    }
}
