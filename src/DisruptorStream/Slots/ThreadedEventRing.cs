using System.Runtime.CompilerServices;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Slots;

/// <summary>The ring between the host's threads and the engine's.</summary>
internal sealed class ThreadedEventRing : EventRing
{
    private const int WaitSliceMilliseconds = 100;

    private readonly WaitMeter _waits;
    private TaskCompletionSource? _spaceWaiter;

    /// <param name="slots">The slots.</param>
    /// <param name="controls">Fills those without an event.</param>
    /// <param name="gate">Asked by a publisher that finds no room.</param>
    /// <param name="pending">What waits for room.</param>
    /// <param name="waits">Counts how long publishers wait for room.</param>
    public ThreadedEventRing(
        SlotBuffer slots, ControlSlots controls, IPublishGate gate, IPendingSlots pending, WaitMeter waits)
        : base(slots, controls, gate, pending)
    {
        _waits = waits;
        slots.Sequencer.Fault.Register(ReleaseSpaceWaiters);
    }

    public override SequenceRange Claim(int count, CancellationToken cancellationToken = default)
    {
        if (IsClosed)
            ThrowClosed();

        if (!Sequencer.TryClaim(count, out var range))
            range = ClaimWaiting(count, endsWhenClosed: true, cancellationToken);
        ThrowIfClosedSince(range);
        return range;
    }

    public override bool TryClaim(int count, out SequenceRange range)
    {
        if (IsClosed)
            ThrowClosed();
        if (!Sequencer.TryClaim(count, out range))
            return false;
        ThrowIfClosedSince(range);
        return true;
    }

    public override bool TryClaimControl(out SequenceRange range) => Sequencer.TryClaim(1, out range);

    public override SequenceRange ClaimControl(CancellationToken cancellationToken)
    {
        if (!Sequencer.TryClaim(1, out var range))
            range = ClaimWaiting(1, endsWhenClosed: false, cancellationToken);
        return range;
    }

    public override void PublishClaim(SequenceRange range, int filled)
    {
        // Between this look and the end lie events that an abort discards.
        if (Sequencer.Fault.IsFaulted)
            ThrowEnded(range);
        Controls.VoidRest(range, filled);
        Publish(range);
    }

    public override void DropClaim(SequenceRange range)
    {
        Controls.Void(range);
        Publish(range);
    }

    public override void Publish(SequenceRange range)
    {
        if (Stamps is not { } stamps || !stamps.IsDue(range.Last))
        {
            Sequencer.Publish(range);
            return;
        }

        try
        {
            stamps.OnPublish(range.First, range.Last);
        }
        finally
        {
            // Whatever the host's clock does: a claim that is never published ends the ring.
            Sequencer.Publish(range);
        }
    }

    public override void Close()
    {
        base.Close();

        // Who waits for room is told at once that there will be none.
        ReleaseSpaceWaiters();
    }

    public override async Task<bool> WaitForSpaceAsync(CancellationToken cancellationToken)
    {
        var waiter = Volatile.Read(ref _spaceWaiter);
        if (waiter is null)
        {
            var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiter = Interlocked.CompareExchange(ref _spaceWaiter, made, null) ?? made;
        }

        // After the exchange: pairs with the barrier in ReleaseSpaceWaiters.
        if (Sequencer.RemainingCapacity > 0 || Sequencer.Fault.IsFaulted)
            ReleaseSpaceWaiters();
        var begun = _waits.Begin();
        try
        {
            var slice = TimeSpan.FromMilliseconds(WaitSliceMilliseconds);
            await waiter.Task.WaitAsync(slice, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            _waits.End(begun);
        }
    }

    /// <summary>Called by the consumers when they have made room.</summary>
    public void ReleaseSpaceWaiters()
    {
        // The sequence of the consumer before the look at the waiter: pairs with the exchange in WaitForSpaceAsync.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _spaceWaiter) is not null)
            Interlocked.Exchange(ref _spaceWaiter, null)?.TrySetResult();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private SequenceRange ClaimWaiting(int count, bool endsWhenClosed, CancellationToken cancellationToken)
    {
        var timer = Gate.BeginWait();
        SequenceRange range;
        do
        {
            if (!WaitForSpace(cancellationToken))
                Gate.ThrowIfBlocked(ref timer);
            if (endsWhenClosed)
                ThrowIfClosed();
        }
        while (!Sequencer.TryClaim(count, out range));
        return range;
    }

    /// <summary>Waits for a slice of time, which is counted at its end.</summary>
    private bool WaitForSpace(CancellationToken cancellationToken)
    {
        var begun = _waits.Begin();
        try
        {
            return Sequencer.WaitForSpace(WaitSliceMilliseconds, cancellationToken);
        }
        finally
        {
            _waits.End(begun);
        }
    }

    /// <summary>A claim behind the end becomes void: nothing would ever handle it.</summary>
    private void ThrowIfClosedSince(SequenceRange range)
    {
        if (!IsClosed)
            return;
        Controls.Void(range);
        Publish(range);
        ThrowClosed();
    }
}
