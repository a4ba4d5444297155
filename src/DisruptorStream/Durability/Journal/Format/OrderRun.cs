using System.Runtime.InteropServices;

namespace DisruptorStream.Durability.Journal.Format;

/// <summary>Consecutive events of a source, in a frame that keeps only their order.</summary>
/// <param name="Source">The number of the source.</param>
/// <param name="Zero">Nothing.</param>
/// <param name="Count">How many they are, 1 or more.</param>
/// <param name="Hash">Of their slots: <see cref="OrderFormat.HashOf"/>.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly record struct OrderRun(ushort Source, ushort Zero, int Count, ulong Hash);
