using System.Runtime.CompilerServices;

namespace DisruptorStream.Slots.Inline;

/// <content>Single events that wait for others, to be handled with them.</content>
internal sealed partial class InlineEventRing
{
    public override void Settle(bool mayWait = true)
    {
        // A call of this thread has handled them when it took the ring.
        if (Gathering is not { HasWaiting: true } gathering || IsInsideCall)
            return;
        var spin = default(SpinWait);
        try
        {
            while (!TryHandleBeside() && mayWait && gathering.HasWaiting && !_hold.HasEnded)
                spin.SpinOnce();
        }
        catch (StreamProcessorException)
        {
            // A stage has failed: what is asked for next tells that.
        }
    }

    private void EnterAndLeave()
    {
        Enter();
        Leave();
    }

    private bool TryHandleBeside()
    {
        using (BeginBeside())
        {
            if (!TryEnter())
                return false;
            Leave();
            return true;
        }
    }

    /// <summary>The call has the ring: what waits comes before it. Where that fails, it leaves the ring.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void HandleGathered(InlineGathering gathering)
    {
        var isHandled = false;
        try
        {
            // One claim: they do not cross the wrap, and the ring is empty. They fire nothing, so they need no stamp.
            var range = Sequencer.Claim(gathering.Count);
            gathering.Take();
            _ticks.Pass(range.Count);
            Sequencer.Publish(range);
            _consumer.Consume(range.First, range.Last);
            isHandled = true;
        }
        finally
        {
            gathering.OnHandled();
            if (!isHandled)
                Leave();
        }
    }
}
