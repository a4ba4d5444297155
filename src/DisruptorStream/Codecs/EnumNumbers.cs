using System.Runtime.CompilerServices;

namespace DisruptorStream.Codecs;

/// <summary>The numbers behind the members of an enum, whatever its width.</summary>
internal static class EnumNumbers
{
    /// <summary>Whether the type is an enum.</summary>
    // The first question is answered when the code of all reference types is compiled, the second is not.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsEnum<T>() => typeof(T).IsValueType && typeof(T).IsEnum;

    /// <summary>The number of a member, as an unsigned one of the width of the enum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Of<T>(T member) => Unsafe.SizeOf<T>() switch
    {
        sizeof(byte) => Unsafe.BitCast<T, byte>(member),
        sizeof(ushort) => Unsafe.BitCast<T, ushort>(member),
        sizeof(uint) => Unsafe.BitCast<T, uint>(member),
        _ => Unsafe.BitCast<T, ulong>(member),
    };

    /// <summary>The member with a number, of which the lowest bits count.</summary>
    public static T ToMember<T>(ulong number) => Unsafe.SizeOf<T>() switch
    {
        sizeof(byte) => Unsafe.BitCast<byte, T>((byte)number),
        sizeof(ushort) => Unsafe.BitCast<ushort, T>((ushort)number),
        sizeof(uint) => Unsafe.BitCast<uint, T>((uint)number),
        _ => Unsafe.BitCast<ulong, T>(number),
    };
}
