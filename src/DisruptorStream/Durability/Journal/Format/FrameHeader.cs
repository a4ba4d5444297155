using System.Runtime.InteropServices;

namespace DisruptorStream.Durability.Journal.Format;

/// <summary>What stands before the payload of a frame: <see cref="JournalFormat"/> has the table.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1, Size = JournalFormat.FrameHeaderBytes)]
internal struct FrameHeader
{
    public ulong Hash;
    public uint Length;
    public FrameKind Kind;
    public FrameEncoding Encoding;
    public ushort Zero;
    public ulong Salt;
    public long FirstSequence;
    public int Count;
    public int PayloadBytes;
    public long Ordinal;
    public long DurableOrdinal;
    public long DurableTo;
    public ulong HashBefore;

    /// <summary>Whether the frame stands for slots.</summary>
    public readonly bool HasSlots => Kind is FrameKind.Slots or FrameKind.Order;

    /// <summary>The first slot that is after this frame.</summary>
    public readonly long NextSequence => HasSlots ? FirstSequence + Count : FirstSequence;
}
