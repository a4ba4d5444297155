using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DisruptorStream.Codecs;

namespace DisruptorStream.Ingest.Keys.Probes;

/// <summary>
/// A hash that is the same in every process and on every machine, so that whatever is derived from it is.
/// </summary>
/// <remarks>
/// <para>
/// Stable for strings (their UTF-16 content) and tuples of two or three of them,
/// integers of every width (by value: <c>5</c> and <c>5L</c> agree),
/// enums (by their number) and <see cref="Guid"/>. Any other type is hashed by mixing its own <see
/// cref="object.GetHashCode"/>: as stable as that is.
/// </para>
/// <para>
/// Multiply-and-fold: 64-bit blocks are combined by the two halves of their 128-bit product. It is not keyed: someone
/// who chooses the keys can make them collide, so limit what untrusted callers may intern.
/// </para>
/// </remarks>
internal static class StableHash
{
    // The first 64 bits of the fractions of square roots, made odd: nothing about them was chosen.
    private const ulong Root2 = 0x6A09E667F3BCC909;
    private const ulong Root3 = 0xBB67AE8584CAA73B;
    private const ulong Root5 = 0x3C6EF372FE94F82B;
    private const ulong Root7 = 0xA54FF53A5F1D36F1;

    private const int LaneChars = 4;

    /// <summary>The hash of a key. A string and its characters have the same one.</summary>
    public static uint Of<TKey>(TKey key)
        where TKey : notnull
    {
        // For value types the JIT keeps the one line that applies. Unlike a cast through object, a bit cast boxes in
        // no build.
        if (typeof(TKey) == typeof(string))
            return Of(Unsafe.As<TKey, string>(ref key).AsSpan());
        if (typeof(TKey) == typeof(int))
            return OfInteger((ulong)Unsafe.BitCast<TKey, int>(key));
        if (typeof(TKey) == typeof(long))
            return OfInteger((ulong)Unsafe.BitCast<TKey, long>(key));
        if (typeof(TKey) == typeof(Guid))
            return OfGuid(Unsafe.BitCast<TKey, Guid>(key));
        if (typeof(TKey) == typeof(uint))
            return OfInteger(Unsafe.BitCast<TKey, uint>(key));
        if (typeof(TKey) == typeof(ulong))
            return OfInteger(Unsafe.BitCast<TKey, ulong>(key));
        if (typeof(TKey) == typeof(short))
            return OfInteger((ulong)Unsafe.BitCast<TKey, short>(key));
        if (typeof(TKey) == typeof(ushort))
            return OfInteger(Unsafe.BitCast<TKey, ushort>(key));
        if (typeof(TKey) == typeof(byte))
            return OfInteger(Unsafe.BitCast<TKey, byte>(key));
        if (typeof(TKey) == typeof(sbyte))
            return OfInteger((ulong)Unsafe.BitCast<TKey, sbyte>(key));
        if (typeof(TKey) == typeof(char))
            return OfInteger(Unsafe.BitCast<TKey, char>(key));
        if (typeof(TKey) == typeof(Int128) || typeof(TKey) == typeof(UInt128))
        {
            var value = Unsafe.BitCast<TKey, UInt128>(key);
            return OfPair((ulong)value, (ulong)(value >> 64));
        }

        if (typeof(TKey) == typeof((string, string)))
            return OfTexts(Unsafe.As<TKey, (string, string)>(ref key));
        if (typeof(TKey) == typeof((string, string, string)))
            return OfTexts(Unsafe.As<TKey, (string, string, string)>(ref key));
        if (EnumNumbers.IsEnum<TKey>())
            return OfInteger(EnumNumbers.Of(key));
        return OfInteger((ulong)EqualityComparer<TKey>.Default.GetHashCode(key));
    }

    /// <summary>Whether keys of the type are hashed by their value: no code of a user's runs then.</summary>
    public static bool IsOf<TKey>() =>
        typeof(TKey) == typeof(string) || typeof(TKey) == typeof(Guid) || typeof(TKey) == typeof(Int128)
        || typeof(TKey) == typeof(UInt128) || IsOfTexts<TKey>() || DirectIds.Suits<TKey>();

    /// <summary>Whether the keys are tuples of two or three strings.</summary>
    private static bool IsOfTexts<TKey>() =>
        typeof(TKey) == typeof((string, string)) || typeof(TKey) == typeof((string, string, string));

    /// <summary>The hash of a string with these characters.</summary>
    public static uint Of(ReadOnlySpan<char> key)
    {
        var lanes = MemoryMarshal.Cast<char, ulong>(key);
        ulong first = 0, last = 0, state = Root2;
        if (lanes.Length > 0)
        {
            var pairs = lanes;
            for (; pairs.Length > 1; pairs = pairs[2..])
                state = Fold(Lane(pairs[0]) ^ state, Lane(pairs[1]) ^ Root3);
            if (pairs.Length > 0)
                first = Lane(pairs[0]);

            // The last four characters may overlap what was read before, which saves a loop over single ones.
            last = Lane(MemoryMarshal.Read<ulong>(MemoryMarshal.AsBytes(key[^LaneChars..])));
        }
        else if (key.Length > 0)
        {
            first = key[0] | ((ulong)key[key.Length >> 1] << 16) | ((ulong)key[^1] << 32);
        }

        return Finish(Fold(first ^ state, last ^ (Root5 + ((ulong)key.Length * Root7))));
    }

    private static uint OfGuid(Guid key)
    {
        if (BitConverter.IsLittleEndian)
        {
            var halves = MemoryMarshal.Cast<Guid, ulong>(new ReadOnlySpan<Guid>(in key));
            return OfPair(halves[0], halves[1]);
        }

        Span<byte> bytes = stackalloc byte[16];
        key.TryWriteBytes(bytes);
        return OfPair(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes), BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]));
    }

    // A string of a tuple may be null, which has the hash of an empty one.
    private static uint OfTexts((string, string) key) =>
        Finish(Fold(Of(key.Item1.AsSpan()) ^ Root3, Of(key.Item2.AsSpan()) ^ Root7));

    private static uint OfTexts((string, string, string) key) =>
        Finish(Fold(OfTexts((key.Item1, key.Item2)) ^ Root3, Of(key.Item3.AsSpan()) ^ Root7));

    private static uint OfPair(ulong low, ulong high) => Finish(Fold(low ^ Root2, high ^ Root5));

    private static uint OfInteger(ulong value) => Finish(Fold(value ^ Root7, Root3));

    /// <summary>Lets every bit bear on every bit of the result: one product by a constant leaves patterns.</summary>
    private static uint Finish(ulong folded) => (uint)(((folded ^ (folded >> 32)) * Root5) >> 32);

    private static ulong Fold(ulong left, ulong right) => Math.BigMul(left, right, out var low) ^ low;

    /// <summary>Four characters, the first in the lowest 16 bits whatever the byte order of the machine.</summary>
    private static ulong Lane(ulong read)
    {
        if (BitConverter.IsLittleEndian)
            return read;
        var swapped = ulong.RotateLeft(read, 32);
        return ((swapped & 0x0000_FFFF_0000_FFFF) << 16) | ((swapped >> 16) & 0x0000_FFFF_0000_FFFF);
    }
}
