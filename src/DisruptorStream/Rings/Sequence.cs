using System.Runtime.InteropServices;

namespace DisruptorStream.Rings;

/// <summary>A position in a ring that one thread advances and others follow.</summary>
/// <remarks>
/// Padded with <see cref="PaddingBytes"/> on each side: processors fetch lines of 64 bytes in pairs, so anything nearer
/// would be taken along by every thread that follows.
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = (2 * PaddingBytes) + sizeof(long))]
internal sealed class Sequence
{
    public const int PaddingBytes = 128;

    [FieldOffset(PaddingBytes)]
    private long _value;

    public Sequence(long initial = -1) => _value = initial;

    /// <summary>
    /// What was written before this value was set is visible to its reader: pairs with the two writers below.
    /// </summary>
    public long Value => Volatile.Read(ref _value);

    /// <summary>For the one thread that owns the sequence: pairs with the read of <see cref="Value"/>.</summary>
    public void SetRelease(long value) => Volatile.Write(ref _value, value);

    /// <summary>For sequences with several writers, a full fence: pairs with the read of <see cref="Value"/>.</summary>
    public bool CompareExchange(long expected, long value) =>
        Interlocked.CompareExchange(ref _value, value, expected) == expected;
}
