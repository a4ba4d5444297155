using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings;

/// <summary>What both sequencers promise.</summary>
public abstract class SequencerContract
{
    private const int Capacity = 8;

    private readonly RingFault _fault = new();

    private protected static WaitStrategy Blocking { get; } =
        WaitStrategy.Create(WaitStrategyKind.Blocking, new ProcessorBudget(1), 1);

    private protected abstract Sequencer NewSequencer(
        int capacity, WaitStrategy wait, RingFault fault, int wakeUpRoom = 1);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-8)]
    public void Constructor_CapacityIsNoPowerOfTwo_Throws(int capacity) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NewSequencer(capacity, Blocking, _fault));

    [Fact]
    public void TryClaim_Batch_NeverCrossesTheWrap()
    {
        var sequencer = NewSequencer();
        var gate = Gate(sequencer);
        Publish(sequencer, 5);
        gate.SetRelease(4);

        Assert.True(sequencer.TryClaim(6, out var range));
        Assert.Equal(new SequenceRange(5, 3), range);
        sequencer.Publish(range);
        Assert.True(sequencer.TryClaim(6, out range));
        Assert.Equal(new SequenceRange(8, 5), range);
    }

    [Fact]
    public void TryClaim_FullRing_ReturnsFalseUntilTheSlowestGateMoves()
    {
        var sequencer = NewSequencer();
        var (quick, slow) = (Gate(sequencer), Gate(sequencer));
        Publish(sequencer, Capacity);
        quick.SetRelease(7);

        Assert.False(sequencer.TryClaim(1, out _));
        Assert.Equal(0, sequencer.RemainingCapacity);
        slow.SetRelease(1);
        Assert.Equal(2, sequencer.RemainingCapacity);
        Assert.True(sequencer.TryClaim(5, out var range));
        Assert.Equal(new SequenceRange(8, 2), range);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void TryClaim_NothingAskedFor_Throws(int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => NewSequencer().TryClaim(count, out _));

    [Fact]
    public void Publish_WhatWasNotClaimed_Throws()
    {
        var sequencer = NewSequencer();

        Assert.Throws<InvalidOperationException>(() => sequencer.Publish(new SequenceRange(0, 1)));
    }

    [Fact]
    public void Publish_ClaimsOfEveryLength_ShowExactlyTheirSlots()
    {
        var sequencer = NewSequencer(64, Blocking, _fault);
        var gate = Gate(sequencer);
        for (var count = 1; count <= 64; count++)
        {
            var range = sequencer.Claim(count);
            Assert.Equal(range.First - 1, sequencer.HighestPublished(gate.Value + 1));
            sequencer.Publish(range);

            Assert.Equal(range.Last, sequencer.HighestPublished(gate.Value + 1));
            Assert.False(sequencer.IsPublished(range.Last + 1));
            gate.SetRelease(range.Last);
        }
    }

    [Fact]
    public void Barrier_ClaimedButNotPublished_ShowsNothing()
    {
        var sequencer = NewSequencer();
        var barrier = sequencer.NewBarrier();
        var first = sequencer.Claim(2);

        Assert.Equal(-1, barrier.Available(0));
        Assert.False(barrier.Wait(0, timeoutMilliseconds: 1));
        sequencer.Publish(first);
        Assert.Equal(1, barrier.Available(0));
        Assert.True(sequencer.IsPublished(1));
        Assert.False(sequencer.IsPublished(2));
    }

    [Fact]
    public void Barrier_DependentStages_FollowTheSlowest()
    {
        var sequencer = NewSequencer();
        var (one, other) = (new Sequence(), new Sequence());
        var barrier = sequencer.NewBarrier(one, other);
        Publish(sequencer, 5);
        one.SetRelease(4);
        other.SetRelease(2);

        Assert.Equal(2, barrier.Available(0));
        other.SetRelease(3);
        Assert.Equal(3, barrier.Available(3));
        Assert.False(barrier.Wait(4, timeoutMilliseconds: 1));
    }

    [Fact]
    public void Barrier_Alerted_EndsItsWaits()
    {
        var barrier = NewSequencer().NewBarrier();
        barrier.Alert();

        Assert.True(barrier.IsAlerted);
        Assert.False(barrier.Wait(0));
        barrier.ClearAlert();
        Assert.False(barrier.Wait(0, timeoutMilliseconds: 1));
    }

    [Fact]
    public async Task Claim_WaitingForSpace_IsFreedByTheFault()
    {
        var sequencer = NewSequencer();
        Gate(sequencer);
        Publish(sequencer, Capacity);
        var waiting = Task.Run(() => sequencer.Claim(1), TestContext.Current.CancellationToken);

        _fault.TrySet(new IOException("disk"), "journal", 42);

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(
            () => waiting.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("'journal' failed at sequence 42", thrown.Message, StringComparison.Ordinal);
        Assert.IsType<IOException>(thrown.InnerException);
        Assert.Throws<InvalidOperationException>(() => sequencer.TryClaim(1, out _));
    }

    [Fact]
    public async Task Claim_WaitingForSpace_IsFreedByItsToken()
    {
        using var cancellation = new CancellationTokenSource();
        var sequencer = NewSequencer();
        Gate(sequencer);
        Publish(sequencer, Capacity);
        var waiting = Task.Run(() => sequencer.Claim(1, cancellation.Token));

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void SignalProgress_ProducerSleeps_WakesItOnceThereIsRoomEnough()
    {
        var strategy = CountingWaitStrategy.WithSleeper();
        var sequencer = NewSequencer(Capacity, strategy, _fault, wakeUpRoom: 3);
        var gate = Gate(sequencer);
        Publish(sequencer, Capacity);
        var before = strategy.Signals;

        gate.SetRelease(1);
        sequencer.SignalProgress();
        Assert.Equal(before, strategy.Signals);

        gate.SetRelease(2);
        sequencer.SignalProgress();
        Assert.Equal(before + 1, strategy.Signals);
    }

    [Fact]
    public void SignalSpace_ProducerSleeps_WakesItForAnyRoom()
    {
        var strategy = CountingWaitStrategy.WithSleeper();
        var sequencer = NewSequencer(Capacity, strategy, _fault, wakeUpRoom: 3);
        Publish(sequencer, Capacity);
        var before = strategy.Signals;

        sequencer.SignalSpace();

        Assert.Equal(before + 1, strategy.Signals);
    }

    [Fact]
    public void Publish_ConsumerLetsEventsGather_WakesItForTheLastOfThem()
    {
        var strategy = CountingWaitStrategy.WithSleeper();
        var sequencer = NewSequencer(Capacity, strategy, _fault);

        // Where nobody follows the cursor, nobody is woken.
        Publish(sequencer, 1);
        Assert.Equal(0, strategy.Signals);

        sequencer.NewBarrier();
        sequencer.WakeConsumerAt(4);

        Publish(sequencer, 3);
        Assert.Equal(0, strategy.Signals);

        Publish(sequencer, 1);
        Assert.Equal(1, strategy.Signals);
    }

    /// <summary>
    /// A quick producer is waited for until much is there, and a slow one is not waited for at all. Four million events
    /// are quick even if they take most of a second.
    /// </summary>
    [Theory]
    [InlineData(1 << 22, true)]
    [InlineData(1, false)]
    public void Wait_ProcessorsAreDear_LetsGatherWhatComesFast(int before, bool gathers)
    {
        var strategy = CountingWaitStrategy.ThatGathers();
        var sequencer = NewSequencer(1 << 16, strategy, _fault);
        var barrier = sequencer.NewBarrier();
        barrier.Wait(0);
        Publish(sequencer, before);

        Assert.False(barrier.Wait(before));

        Assert.Equal(gathers ? 1 : 0, strategy.Parked);
    }

    [Fact]
    public void SignalProgress_NobodySleeps_SignalsNobody()
    {
        var strategy = new CountingWaitStrategy();
        var sequencer = NewSequencer(Capacity, strategy, _fault);
        Gate(sequencer);

        sequencer.SignalProgress();

        Assert.Equal(0, strategy.Signals);
    }

    [Fact]
    public void SignalProgress_ConsumerBehind_IsWokenForAnyProgress()
    {
        var strategy = CountingWaitStrategy.WithSleeper();
        var sequencer = NewSequencer(Capacity, strategy, _fault, wakeUpRoom: 3);
        var gate = Gate(sequencer);
        sequencer.NewBarrier(gate);
        Publish(sequencer, Capacity);
        var before = strategy.Signals;

        gate.SetRelease(0);
        sequencer.SignalProgress();

        Assert.Equal(before + 1, strategy.Signals);
    }

    [Fact]
    public void RemoveGatingSequence_TheLast_NoLongerHoldsTheProducers()
    {
        var sequencer = NewSequencer();
        var gate = Gate(sequencer);
        Publish(sequencer, Capacity);

        sequencer.RemoveGatingSequence(gate);

        Publish(sequencer, 3 * Capacity);
    }

    [Fact]
    public void AddGatingSequences_Late_StartsAtTheCursor()
    {
        var sequencer = NewSequencer();
        Publish(sequencer, 20);

        Assert.Equal(19, Gate(sequencer).Value);
    }

    private static Sequence Gate(Sequencer sequencer)
    {
        var gate = new Sequence();
        sequencer.AddGatingSequences(gate);
        return gate;
    }

    private static void Publish(Sequencer sequencer, int count)
    {
        while (count > 0)
        {
            Assert.True(sequencer.TryClaim(count, out var range));
            sequencer.Publish(range);
            count -= range.Count;
        }
    }

    private Sequencer NewSequencer() => NewSequencer(Capacity, Blocking, _fault);
}
