using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DisruptorStream.Emission.Texts;

/// <summary>A text that was made before and is copied often: 16 bytes at a time, without a call.</summary>
internal readonly struct MadeText
{
    // Padded to whole vectors.
    private readonly byte[] _bytes;

    /// <param name="text">The text.</param>
    public MadeText(ReadOnlySpan<byte> text)
    {
        _bytes = new byte[(text.Length + Vector128<byte>.Count - 1) / Vector128<byte>.Count * Vector128<byte>.Count];
        text.CopyTo(_bytes);
        Length = text.Length;
    }

    /// <summary>How many bytes the text has.</summary>
    public int Length { get; }

    /// <summary>The room that a copy needs. It may write to all of it, more than the text has.</summary>
    public int RoomBytes => _bytes.Length;

    /// <summary>Copies the text.</summary>
    /// <param name="place">Where to; <see cref="RoomBytes"/> of room.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CopyTo(ref byte place)
    {
        var bytes = _bytes;
        ref var first = ref MemoryMarshal.GetArrayDataReference(bytes);
        for (var at = 0; at < bytes.Length; at += Vector128<byte>.Count)
            Vector128.LoadUnsafe(ref first, (nuint)at).StoreUnsafe(ref place, (nuint)at);
    }
}
