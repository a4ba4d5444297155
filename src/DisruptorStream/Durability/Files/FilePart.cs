using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DisruptorStream.Durability.Files;

/// <summary>Bytes to be written, where they lie: native or pinned memory, that stays until the call returns.</summary>
/// <remarks>It lies in memory as <c>struct iovec</c> does: an array of them goes to the system as it is.</remarks>
/// <param name="Address">Where they begin.</param>
/// <param name="Length">How many there are.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct FilePart(nint Address, nuint Length)
{
    /// <summary>The bytes.</summary>
    /// <exception cref="OverflowException">There are more than <see cref="int.MaxValue"/>.</exception>
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.CreateReadOnlySpan(
        ref Unsafe.AddByteOffset(ref Unsafe.NullRef<byte>(), Address), checked((int)Length));
}
