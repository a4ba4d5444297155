using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DisruptorStream.State.Memory.Copying;

/// <summary>A piece of a <see cref="CopyLog"/>: entries one behind the other, each with a header before it.</summary>
/// <remarks>Header: what it is of (4), number (4), length (4), zero (4). Entries begin at multiples of 8.</remarks>
internal sealed class CopyBlock
{
    public const int HeaderBytes = 16;

    private const int Alignment = 8;

    private readonly byte[] _bytes;

    /// <param name="lengthBytes">How many bytes it has room for.</param>
    public CopyBlock(int lengthBytes) =>
        _bytes = GC.AllocateUninitializedArray<byte>(lengthBytes, pinned: true);

    /// <summary>How many bytes are taken.</summary>
    public int Length { get; private set; }

    /// <summary>How many bytes it has room for.</summary>
    public int Capacity => _bytes.Length;

    /// <summary>Where it lies, for as long as it is held.</summary>
    public nint Address => Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0);

    /// <summary>The bytes that are taken.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>How much an entry takes.</summary>
    public static int SizeOf(int lengthBytes) => (HeaderBytes + lengthBytes + Alignment - 1) & -Alignment;

    /// <summary>Whether an entry fits.</summary>
    public bool HasRoom(int lengthBytes) => SizeOf(lengthBytes) <= _bytes.Length - Length;

    /// <summary>Adds an entry, which fits; what it holds is the caller's to write.</summary>
    public Span<byte> Add(int of, int number, int lengthBytes)
    {
        var at = Length;
        Unsafe.WriteUnaligned(ref _bytes[at], of);
        Unsafe.WriteUnaligned(ref _bytes[at + 4], number);
        Unsafe.WriteUnaligned(ref _bytes[at + 8], lengthBytes);
        Unsafe.WriteUnaligned(ref _bytes[at + 12], 0);
        Length += SizeOf(lengthBytes);
        return _bytes.AsSpan(at + HeaderBytes, lengthBytes);
    }

    /// <summary>Reads the header at a place; returns the place of the next one.</summary>
    public int Read(int at, out int of, out int number, out int lengthBytes)
    {
        of = Unsafe.ReadUnaligned<int>(ref _bytes[at]);
        number = Unsafe.ReadUnaligned<int>(ref _bytes[at + 4]);
        lengthBytes = Unsafe.ReadUnaligned<int>(ref _bytes[at + 8]);
        return at + SizeOf(lengthBytes);
    }

    /// <summary>Empties it.</summary>
    public void Clear() => Length = 0;
}
