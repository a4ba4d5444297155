using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Events;

namespace DisruptorStream.Durability.Journal.Writing;

/// <content>Slots of which only the order is kept.</content>
internal sealed unsafe partial class JournalWriter
{
    /// <summary>The most runs of a frame, so that a segment of the usual length has room for it.</summary>
    public int MostOrderRuns => (int)Math.Clamp(
        (_options.SegmentBytes - JournalFormat.SegmentHeaderBytes - JournalFormat.FrameHeaderBytes
            - OrderFormat.HeadBytes) / OrderFormat.RunBytes,
        1,
        OrderFormat.MostRuns);

    /// <summary>Stages which events of sources come next, and not the events.</summary>
    /// <param name="slots">The slots, at most <see cref="OrderFormat.MostSlots"/>; they are not kept.</param>
    /// <param name="runs">What they are, at most <see cref="MostOrderRuns"/>: of each slot, in their order.</param>
    /// <exception cref="ArgumentException">They are not the next ones, or of another layout.</exception>
    /// <exception cref="JournalException">The disk failed, now or before.</exception>
    public void AppendOrder(in EventView slots, ReadOnlySpan<OrderRun> runs)
    {
        ThrowIfFailed();
        ThrowUnlessNext(in slots);
        Span<byte> payload = stackalloc byte[OrderFormat.HeadBytes + (runs.Length * OrderFormat.RunBytes)];
        StageCopy(FrameKind.Order, slots.Count, payload[..OrderFormat.Write(runs, payload)]);
    }
}
