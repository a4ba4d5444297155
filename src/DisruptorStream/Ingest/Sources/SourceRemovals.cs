using DisruptorStream.Events;
using DisruptorStream.Slots;

namespace DisruptorStream.Ingest.Sources;

/// <summary>
/// Sources that were disposed while there was no room for the slot that says so: it is published when there is.
/// </summary>
/// <remarks>Any thread. The number of a source is given away again only once its slot was published.</remarks>
internal sealed class SourceRemovals : IPendingSlots
{
    private readonly Lock _gate = new();
    private readonly Queue<ushort> _waiting = new();
    private readonly SourceRegistry _registry;
    private int _count;

    /// <param name="registry">Where their numbers are from.</param>
    public SourceRemovals(SourceRegistry registry) => _registry = registry;

    /// <inheritdoc/>
    // Pairs with the writes under the lock.
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>A source was disposed.</summary>
    public void Add(ushort source)
    {
        lock (_gate)
        {
            _waiting.Enqueue(source);
            Volatile.Write(ref _count, _waiting.Count);
        }

        // Before the look for room that follows: who makes room looks here after it.
        Interlocked.MemoryBarrier();
    }

    /// <inheritdoc/>
    public void Publish(EventRing ring)
    {
        try
        {
            while (!IsEmpty && TryTake(out var next))
            {
                if (!ring.TryPublishControl(SlotKind.SourceRemoved, out var removed, source: next))
                {
                    Add(next);
                    return;
                }

                _registry.ReleaseNumber(next, removed);
            }
        }
        catch (StreamProcessorException)
        {
            // The processor has ended, and its sources with it: who awaits its completion is told why.
        }
    }

    private bool TryTake(out ushort next)
    {
        lock (_gate)
        {
            var any = _waiting.TryDequeue(out next);
            Volatile.Write(ref _count, _waiting.Count);
            return any;
        }
    }
}
