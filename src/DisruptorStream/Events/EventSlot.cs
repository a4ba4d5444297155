using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DisruptorStream.Events;

/// <summary>
/// One slot of the ring: an event with its first measure, or a control record. Immutable once published.
/// </summary>
/// <remarks>
/// Further measures of the same event lie in a side array at the same ring index (<see cref="EventView"/>), so that a
/// processor with one measure moves 24 bytes per event and no stage is generic on the number of measures.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Size = SizeBytes)]
internal unsafe struct EventSlot
{
    public const int SizeBytes = 24;

    /// <summary>The id in the place of a key, where the event has none of that name.</summary>
    public const int NoKey = -2;

    /// <summary>The lowest id in the place of a key.</summary>
    public const int LowestKey = NoKey;

    // Source, kind and reason lie in the last 4 bytes.
    private const int HeadOffset = 20;
    private const int KeyBits = 32;
    private const long LongestQuietStepTicks = (1L << 48) - 1;

    /// <summary>Event time in ticks since the Unix epoch; for control records their own time.</summary>
    public long TimestampTicks;

    /// <summary>The first measure's 64 bits: a double or a long. For a tick the steady time.</summary>
    public long Measure;

    /// <summary>
    /// The dense id of the key; -1 where a refused event has none. For a tick the low half of
    /// <see cref="QuietStepTicks"/>.
    /// </summary>
    public int KeyId;

    /// <summary>
    /// The source whose watermark this slot may move. For a tick the high bits of <see cref="QuietStepTicks"/>.
    /// </summary>
    public ushort SourceId;

    public SlotKind Kind;

    /// <summary>Why the event was refused, for <see cref="SlotKind.Refused"/>.</summary>
    public DropReason Reason;

    /// <summary>
    /// Source, kind and reason as one word: an accepted event of source s reads as s, and nothing else does.
    /// </summary>
    public static uint HeadOf(EventSlot* slot) => *(uint*)((byte*)slot + HeadOffset);

    /// <summary>Of a tick, how far the quiet clock has come since the tick before: 48 bits, 325 days.</summary>
    public readonly long QuietStepTicks => (uint)KeyId | (long)SourceId << KeyBits;

    /// <summary>Makes the step of a tick what is given, 0 or more; one that is too long becomes the longest.</summary>
    public void SetQuietStep(long stepTicks)
    {
        var step = Math.Min(stepTicks, LongestQuietStepTicks);
        KeyId = (int)step;
        SourceId = (ushort)(step >> KeyBits);
    }

    /// <summary>Makes the slot an accepted event, in one write.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetAccepted(int keyId, ushort source) =>
        Unsafe.As<int, ulong>(ref KeyId) = (uint)keyId | (ulong)source << 32;
}
