using DisruptorStream.Emission.Gating;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Emission.Merging;

/// <summary>Merges the rows of all shards into the one order of results.</summary>
/// <remarks>
/// Each ring is in order by itself. The smallest head may go out once no other ring can still get a smaller one: each
/// of the others has a head, or is empty and has made progress through the head's sequence. The scan over the heads
/// costs one comparison per shard and row. The emitting thread owns it.
/// </remarks>
internal sealed class ResultMerger
{
    private readonly ResultRing[] _rings;
    private readonly DeliveryGate? _gate;

    /// <param name="rings">The rows of each shard.</param>
    /// <param name="gate">Says which rows may go; null for all.</param>
    public ResultMerger(ResultRing[] rings, DeliveryGate? gate = null)
    {
        if (rings.Length == 0)
            throw new ArgumentException("There must be a ring for each shard, and at least one shard.", nameof(rings));

        _rings = rings;
        _gate = gate;
    }

    /// <summary>
    /// Every row with a sequence up to this one has been handed to the output; long.MinValue at first.
    /// </summary>
    /// <remarks>Brought up to date by each <see cref="TryTake"/>; the output may not have been flushed.</remarks>
    public long CompletedThrough { get; private set; } = long.MinValue;

    /// <summary>
    /// Moves rows that are safe to emit to the output, up to a limit. Returns whether any moved.
    /// </summary>
    public bool TryTake(ResultOutput output, int maxRows, out int taken)
    {
        var frontier = _rings.Length == 1
            ? TakeFromOne(_rings[0], output, maxRows, out taken)
            : TakeFromMany(output, maxRows, out taken);
        CompletedThrough = Math.Max(CompletedThrough, frontier);
        return taken > 0;
    }

    private long TakeFromOne(ResultRing ring, ResultOutput output, int maxRows, out int taken)
    {
        taken = 0;
        while (taken < maxRows && !ring.IsEmpty && MayGo(ring))
        {
            output.Add(in ring.Head, ring.HeadValues);
            ring.Advance();
            taken++;
        }

        return Math.Min(BoundOf(ring), BeforeHead(ring));
    }

    private long TakeFromMany(ResultOutput output, int maxRows, out int taken)
    {
        var bound = long.MaxValue;
        foreach (var ring in _rings)
            bound = Math.Min(bound, BoundOf(ring));

        taken = 0;
        while (true)
        {
            var smallest = SmallestHead();
            if (smallest is null)
                return bound;

            if (taken >= maxRows || smallest.Head.Sequence > bound || !MayGo(smallest))
                return Math.Min(bound, BeforeHead(smallest));

            output.Add(in smallest.Head, smallest.HeadValues);
            smallest.Advance();
            taken++;
            bound = Math.Min(bound, BoundOf(smallest));
        }
    }

    private bool MayGo(ResultRing ring) => _gate is null || _gate.Admits(in ring.Head);

    private ResultRing? SmallestHead()
    {
        ResultRing? smallest = null;
        foreach (var ring in _rings)
        {
            if (ring.HasHead && (smallest is null || ResultHeader.Compare(in ring.Head, in smallest.Head) < 0))
                smallest = ring;
        }

        return smallest;
    }

    /// <summary>The last sequence of which the ring cannot get further rows; no limit while it has a head.</summary>
    private static long BoundOf(ResultRing ring)
    {
        if (!ring.IsEmpty)
            return long.MaxValue;

        // The look at the rows must follow the look at the progress, or rows written in between would be overtaken.
        var progress = ring.Progress;
        return ring.IsEmpty ? progress : long.MaxValue;
    }

    private static long BeforeHead(ResultRing ring) => ring.HasHead ? ring.Head.Sequence - 1 : long.MaxValue;
}
