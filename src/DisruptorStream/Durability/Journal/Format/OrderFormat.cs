using System.IO.Hashing;
using System.Runtime.InteropServices;
using DisruptorStream.Events;

namespace DisruptorStream.Durability.Journal.Format;

/// <summary>
/// How a frame of the kind <see cref="FrameKind.Order"/> lies: its version, how many runs, and the runs.
/// </summary>
internal static unsafe class OrderFormat
{
    public const int Version = 1;
    public const int HeadBytes = 8;
    public const int RunBytes = 16;

    /// <summary>The most slots of a frame.</summary>
    public const int MostSlots = 4096;

    /// <summary>The most runs of a frame.</summary>
    public const int MostRuns = 256;

    /// <summary>The hash of slots as they lie in the ring, and of the words beside them.</summary>
    public static ulong HashOf(in EventView slots)
    {
        var words = new ReadOnlySpan<byte>(
            slots.FurtherMeasures, slots.Count * slots.FurtherMeasureCount * sizeof(long));
        var seed = words.IsEmpty ? 0 : (long)XxHash3.HashToUInt64(words);
        return XxHash3.HashToUInt64(new ReadOnlySpan<byte>(slots.Slots, slots.Count * EventSlot.SizeBytes), seed);
    }

    /// <summary>Writes runs.</summary>
    /// <returns>How many bytes they take.</returns>
    public static int Write(ReadOnlySpan<OrderRun> runs, Span<byte> payload)
    {
        MemoryMarshal.Write(payload, Version);
        MemoryMarshal.Write(payload[sizeof(int)..], runs.Length);
        MemoryMarshal.AsBytes(runs).CopyTo(payload[HeadBytes..]);
        return HeadBytes + (runs.Length * RunBytes);
    }

    /// <summary>Reads runs, and fills their slots as <see cref="SlotKind.Sourced"/>.</summary>
    /// <param name="payload">What was written.</param>
    /// <param name="slots">As many as the frame has; zeros.</param>
    /// <returns>False where the bytes are no runs of so many slots.</returns>
    public static bool TryRead(ReadOnlySpan<byte> payload, Span<EventSlot> slots)
    {
        if (slots.Length > MostSlots || payload.Length < HeadBytes || MemoryMarshal.Read<int>(payload) != Version)
            return false;
        var count = MemoryMarshal.Read<int>(payload[sizeof(int)..]);
        if (count is < 1 or > MostRuns || payload.Length != HeadBytes + (count * RunBytes))
            return false;
        var rest = slots;
        foreach (var run in MemoryMarshal.Cast<byte, OrderRun>(payload[HeadBytes..]))
        {
            if (run.Count < 1 || run.Count > rest.Length || run.Zero != 0)
                return false;
            rest[..run.Count].Fill(new EventSlot { Kind = SlotKind.Sourced, SourceId = run.Source });
            rest[0].KeyId = run.Count;
            rest[0].Measure = (long)run.Hash;
            rest = rest[run.Count..];
        }

        return rest.IsEmpty;
    }
}
