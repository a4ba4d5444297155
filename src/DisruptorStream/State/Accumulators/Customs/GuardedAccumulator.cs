using System.Runtime.CompilerServices;
using DisruptorStream.Events;

namespace DisruptorStream.State.Accumulators.Customs;

/// <summary>That of a user's code. What it throws fails the record of that event and nothing else.</summary>
/// <typeparam name="TState">What the user's code keeps in each record.</typeparam>
internal abstract unsafe class GuardedAccumulator<TState> : Accumulator
    where TState : unmanaged
{
    private readonly FailureMarks _marks;

    /// <param name="identity">What it is.</param>
    /// <param name="marks">Where a record says that it has failed.</param>
    protected GuardedAccumulator(AccumulatorIdentity identity, FailureMarks marks)
        : base(identity, (sizeof(TState) + 7) & ~7, countsEvents: false) => _marks = marks;

    public sealed override void Accumulate(in EventView events, nint* records)
    {
        var next = 0;
        while (next < events.Count)
        {
            try
            {
                AccumulateFrom(ref next, in events, records);
            }
            catch (Exception exception)
            {
                _marks.FailFold((byte*)records[next], exception);
                next++;
            }
        }
    }

    public sealed override void Merge(byte* into, byte* later)
    {
        try
        {
            Combine(ref State(into), ref State(later));
        }
        catch (Exception exception)
        {
            _marks.FailFold(into, exception);
        }
    }

    /// <summary>Whether some record has failed, so that each one has to be asked.</summary>
    protected bool MayHaveFailed => !_marks.Log.IsEmpty;

    /// <summary>Whether the record has failed: no event is folded into it any more.</summary>
    protected bool HasFailed(byte* record) => _marks.HasFailed(record);

    /// <summary>Folds events from one on.</summary>
    /// <param name="next">The event that is under way: also where the user's code throws.</param>
    /// <param name="events">The events.</param>
    /// <param name="records">Theirs.</param>
    protected abstract void AccumulateFrom(ref int next, in EventView events, nint* records);

    /// <summary>Folds a later state into an earlier one.</summary>
    protected abstract void Combine(ref TState into, ref TState later);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected ref TState State(byte* record) => ref *(TState*)(record + Offset);
}
