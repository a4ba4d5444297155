using System.Runtime.CompilerServices;

namespace DisruptorStream.State.Accumulators.Sketches;

/// <summary>A hash of 64 bits whose every bit depends on every bit that goes in; the same in every process.</summary>
internal static class Bits64
{
    /// <summary>SplitMix64's finalizer, with the constants of Stafford's variant 13.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Hash(long bits)
    {
        var hash = (ulong)bits + 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
