using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.State.Columns.Moments;
using DisruptorStream.State.Columns.Values;

namespace DisruptorStream.State.Sessions;

/// <summary>Folds the event in at once, where moments of the first measure are all that there is.</summary>
internal readonly unsafe struct MomentsFold : IEventFold
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(EventSlot* slot, byte* accumulators) =>
        MomentsColumn<DoubleReading>.Add((double*)accumulators, *(double*)&slot->Measure);
}
