using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.State.Accumulators.Moments;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Sessions;

/// <summary>Folds the event in at once, where moments of the first measure are all that there is.</summary>
internal readonly unsafe struct MomentsFold : IEventFold
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(EventSlot* slot, byte* accumulators) =>
        MomentsAccumulator<DoubleReading>.Add((double*)accumulators, *(double*)&slot->Measure);
}
