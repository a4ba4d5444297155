using DisruptorStream.Emission.Merging;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Pipeline;

/// <summary>A shard's rows on their way to emission.</summary>
internal sealed class ShardOutput : PaneOutput
{
    private readonly ResultRing _ring;
    private readonly IResultRoom _room;

    /// <param name="ring">Where the rows go.</param>
    /// <param name="room">What makes room when the ring is full.</param>
    /// <param name="filter">Says which panes are shown; null for all.</param>
    public ShardOutput(ResultRing ring, IResultRoom room, PaneFilter? filter = null)
        : base(ring.Width, filter)
    {
        _ring = ring;
        _room = room;
    }

    protected override void Emit(in ResultHeader header, ReadOnlySpan<long> values)
    {
        while (!_ring.TryWrite(header, values))
            _room.Await(_ring, Math.Min(header.Sequence, StagedSequence));
    }
}
