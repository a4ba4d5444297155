using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DisruptorStream.Codecs.BuiltIn;

namespace DisruptorStream.Codecs.Hashing;

/// <summary>Puts hashes in the place of keys: other keys of the same type, which nobody can turn back.</summary>
/// <remarks>
/// Texts become the first 128 bits of an HMAC. Keys of few bits would soon have a hash in common, so theirs are a
/// permutation of all keys of the type that only the secret tells: a Feistel network over their bytes.
/// </remarks>
internal sealed class KeyHash
{
    // 128 bits: no two texts of a processor ever have the same.
    private const int HashBytes = 16;
    private const int Rounds = 10;
    private const int LargestBytes = 16;

    private readonly byte[] _secret;

    /// <param name="secret">What the hashes depend on.</param>
    public KeyHash(ReadOnlySpan<byte> secret) => _secret = secret.ToArray();

    /// <summary>The name that takes the place of a text.</summary>
    public string Of(string text)
    {
        // UTF-16, for lone surrogates have no UTF-8: two texts would become one.
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, Encoding.Unicode.GetBytes(text), hash);
        return $"#{Convert.ToHexStringLower(hash[..HashBytes])}";
    }

    /// <summary>The codec of keys of a type that writes their hashes; null where they cannot be hidden.</summary>
    /// <param name="codec">The codec of the keys.</param>
    public IKeyCodec<TKey>? Over<TKey>(IKeyCodec<TKey> codec) => codec switch
    {
        TupleCodec<TKey> tuple => tuple.Over(type => OfPart(type)),
        FixedCodec<TKey> or EnumCodec<TKey> when HasBits(typeof(TKey)) => new HashingCodec<TKey>(codec, this),
        _ when typeof(TKey) == typeof(string) => new HashingCodec<TKey>(codec, this),
        _ => null,
    };

    /// <summary>Writes a key as its hash.</summary>
    /// <param name="key">The key; null where a part of one is null.</param>
    /// <param name="codec">The codec of the keys.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="marks">The bytes before those of the key, which say whether it is null.</param>
    public void Write(object? key, IKeyCodec codec, IBufferWriter<byte> output, int marks = 0)
    {
        if (key is null or string)
        {
            codec.WriteObject(key is string text ? Of(text) : null, output);
            return;
        }

        var written = new ArrayBufferWriter<byte>(LargestBytes + 1);
        codec.WriteObject(key, written);
        Span<byte> bytes = stackalloc byte[written.WrittenCount];
        written.WrittenSpan.CopyTo(bytes);
        Permute(bytes[marks..]);
        output.Write(bytes);
    }

    /// <summary>Whether all values of as many bits are keys of the type.</summary>
    private static bool HasBits(Type type) => type.IsEnum || type == typeof(Guid) || type == typeof(TimeSpan)
        || type == typeof(Int128) || type == typeof(UInt128)
        || Type.GetTypeCode(type) is TypeCode.Char or (>= TypeCode.SByte and <= TypeCode.UInt64);

    private HashingPart? OfPart(Type type)
    {
        var inner = Nullable.GetUnderlyingType(type);
        var isHidden = type == typeof(string) || HasBits(inner ?? type);
        return isHidden && PartCodec.Find(type, out _) is { } codec
            ? new HashingPart(codec, this, inner is null ? 0 : 1)
            : null;
    }

    private void Permute(Span<byte> bytes)
    {
        Span<byte> number = stackalloc byte[LargestBytes];
        number.Clear();
        bytes.CopyTo(number);
        var all = BinaryPrimitives.ReadUInt128LittleEndian(number);
        var halfBits = bytes.Length * 4;
        var mask = (UInt128.One << halfBits) - 1;
        var (left, right) = ((ulong)(all >> halfBits), (ulong)(all & mask));
        for (var round = 0; round < Rounds; round++)
            (left, right) = (right, left ^ (RoundOf(bytes.Length, round, right) & (ulong)mask));
        BinaryPrimitives.WriteUInt128LittleEndian(number, ((UInt128)left << halfBits) | right);
        number[..bytes.Length].CopyTo(bytes);
    }

    private ulong RoundOf(int lengthBytes, int round, ulong half)
    {
        Span<byte> input = stackalloc byte[2 + sizeof(ulong)];
        (input[0], input[1]) = ((byte)lengthBytes, (byte)round);
        BinaryPrimitives.WriteUInt64LittleEndian(input[2..], half);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_secret, input, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
