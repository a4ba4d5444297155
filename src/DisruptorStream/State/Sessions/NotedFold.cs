using System.Runtime.CompilerServices;
using DisruptorStream.Events;

namespace DisruptorStream.State.Sessions;

/// <summary>Notes where the event goes, so that each kernel runs over many events at once later.</summary>
internal unsafe struct NotedFold : IEventFold
{
    private nint* _next;

    public NotedFold(nint* records) => _next = records;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(EventSlot* slot, byte* accumulators) => *_next++ = (nint)accumulators;
}
