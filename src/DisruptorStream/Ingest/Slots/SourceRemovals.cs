using DisruptorStream.Events;

namespace DisruptorStream.Ingest.Slots;

/// <summary>
/// Sources that were disposed while there was no room for the slot that says so: it is published when there is.
/// </summary>
/// <remarks>Any thread. The number of a source is given away again only once its slot was published.</remarks>
internal sealed class SourceRemovals
{
    private readonly Lock _gate = new();
    private readonly Queue<(ushort Source, SourceRegistry Registry)> _waiting = new();
    private int _count;

    /// <summary>Whether none waits.</summary>
    // Pairs with the writes under the lock.
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    public void Add(ushort source, SourceRegistry registry)
    {
        lock (_gate)
        {
            _waiting.Enqueue((source, registry));
            Volatile.Write(ref _count, _waiting.Count);
        }

        // Before the look for room that follows: who makes room looks here after it.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Publishes as many as there is room for. Never waits; does not throw at an end.</summary>
    public void Publish(EventRing ring)
    {
        try
        {
            while (!IsEmpty && TryTake(out var next))
            {
                if (!ring.TryPublishControl(SlotKind.SourceRemoved, next.Source, out var removed))
                {
                    Add(next.Source, next.Registry);
                    return;
                }

                next.Registry.ReleaseNumber(next.Source, removed);
            }
        }
        catch (StreamProcessorException)
        {
            // The processor has ended, and its sources with it: who awaits its completion is told why.
        }
    }

    private bool TryTake(out (ushort Source, SourceRegistry Registry) next)
    {
        lock (_gate)
        {
            var any = _waiting.TryDequeue(out next);
            Volatile.Write(ref _count, _waiting.Count);
            return any;
        }
    }
}
