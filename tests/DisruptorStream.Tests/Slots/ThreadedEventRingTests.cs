using DisruptorStream.Events;
using DisruptorStream.Rings;
using DisruptorStream.Telemetry;
using DisruptorStream.Tests.Pipeline;

namespace DisruptorStream.Tests.Slots;

public sealed class ThreadedEventRingTests
{
    private readonly HeldGate _gate = new();
    private readonly Sequence _consumer = new();

    [Theory]
    [InlineData(0)]
    [InlineData(37)]
    [InlineData(int.MaxValue - 3L)]
    [InlineData((1L << 31) + 63)]
    [InlineData((1L << 40) + 1)]
    public void Claim_RingThatBeginsAnywhere_GoesOnFromThereForTwoLaps(long first)
    {
        var ring = NewRing(first);
        Assert.False(ring.Slots.Sequencer.IsPublished(first));
        Assert.Equal(first - 1, ring.Slots.Sequencer.HighestPublished(first));
        for (var next = first; next < first + (2 * SlotRing.Capacity);)
        {
            var range = ring.Events.Claim(7);
            Assert.Equal(next, range.First);
            Assert.Equal(range.Count, ring.Slots.ContiguousCount(range.First, range.Last));
            Assert.Equal(next - 1, ring.Slots.Sequencer.HighestPublished(next));
            ring.Events.Publish(range);
            Assert.Equal(range.Last, ring.Slots.Sequencer.HighestPublished(next));
            _consumer.SetRelease(range.Last);
            next = range.Last + 1;
        }
    }

    [Fact]
    public void TryClaim_Full_IsFalseAndClaimsNothing()
    {
        var ring = Filled(first: 100);

        Assert.False(ring.Events.TryClaim(1, out _));
        Assert.False(ring.Events.TryClaimControl(out _));
        Assert.False(ring.Events.TryPublishControl(SlotKind.Flush, out _));
        Assert.Equal(99 + SlotRing.Capacity, ring.Slots.Sequencer.LastClaimed);

        _consumer.SetRelease(100);
        Assert.True(ring.Events.TryClaim(9, out var range));
        Assert.Equal(new SequenceRange(100 + SlotRing.Capacity, 1), range);
    }

    [Fact]
    public async Task Claim_Full_WaitsUntilThereIsRoom()
    {
        var ring = Filled();
        var claim = Task.Run(() => ring.Events.Claim(2));
        await _gate.Waits;
        Assert.False(claim.IsCompleted);

        _consumer.SetRelease(4);
        ring.Slots.Sequencer.SignalSpace();

        Assert.Equal(new SequenceRange(SlotRing.Capacity, 2), await Bounded(claim));
    }

    [Fact]
    public void Claim_FullAndTheGateRefuses_ThrowsWhatTheGateSays()
    {
        var ring = Filled();
        _gate.OnWait = () => throw new TimeoutException("gate");

        Assert.Throws<TimeoutException>(() => ring.Events.Claim(1));
        Assert.Throws<TimeoutException>(() => ring.Events.ClaimControl(CancellationToken.None));
    }

    [Fact]
    public void Claim_FullAndCancelled_Throws()
    {
        var ring = Filled();

        Assert.Throws<OperationCanceledException>(() => ring.Events.Claim(1, new CancellationToken(canceled: true)));
    }

    [Fact]
    public async Task Claim_FaultDuringTheWait_Throws()
    {
        var ring = Filled();
        var claim = Task.Run(() => ring.Events.Claim(1));
        await _gate.Waits;

        ring.Fault.TrySet(new TimeoutException("stage"), "shard 0", 3);

        var thrown = await Assert.ThrowsAsync<InvalidOperationException>(() => Bounded(claim));
        Assert.IsType<TimeoutException>(thrown.InnerException);
    }

    [Fact]
    public void Claim_ClosedBeforeTheWait_ThrowsAndTheEnginesOwnClaimGoesOn()
    {
        var ring = Filled();
        _gate.OnWait = () =>
        {
            ring.Events.Close();
            _consumer.SetRelease(4);
        };

        Assert.Throws<InvalidOperationException>(() => ring.Events.Claim(1));
        Assert.Throws<InvalidOperationException>(() => ring.Events.Claim(1));
        Assert.Throws<InvalidOperationException>(() => ring.Events.TryClaim(1, out _));

        Assert.Equal(SlotRing.Capacity, ring.Events.ClaimControl(CancellationToken.None).First);
    }

    [Fact]
    public void PublishClaim_PartlyFilled_PublishesAllWithTheRestVoid()
    {
        var ring = NewRing(first: 9);

        ring.Events.PublishClaim(ring.Events.OpenClaim(3), filled: 1);

        Assert.Equal([SlotKind.Event, SlotKind.Void, SlotKind.Void], Kinds(ring, 9, 3));
        Assert.Equal(11, ring.Slots.Sequencer.HighestPublished(9));
    }

    [Fact]
    public void PublishClaim_StageHasFailed_ThrowsAndPublishesVoidSlots()
    {
        var ring = NewRing();
        var range = ring.Events.OpenClaim(2);
        ring.Fault.TryStop();

        Assert.Throws<InvalidOperationException>(() => ring.Events.PublishClaim(range, filled: 2));

        Assert.Equal([SlotKind.Void, SlotKind.Void], Kinds(ring, 0, 2));
        Assert.Equal(1, ring.Slots.Sequencer.HighestPublished(0));
    }

    [Fact]
    public void DropClaim_StageHasFailed_PublishesVoidSlotsAndDoesNotThrow()
    {
        var ring = NewRing();
        var range = ring.Events.OpenClaim(2);
        ring.Fault.TryStop();

        ring.Events.DropClaim(range);

        Assert.Equal([SlotKind.Void, SlotKind.Void], Kinds(ring, 0, 2));
        Assert.Equal(1, ring.Slots.Sequencer.HighestPublished(0));
    }

    [Fact]
    public void Publish_HostsClockThrows_PublishesAllTheSame()
    {
        var ring = new SlotRing(stamps: new PublishStamps(new BrokenClock()));

        Assert.Throws<TimeZoneNotFoundException>(() => ring.Events.Publish(ring.Events.Claim(2)));
        Assert.Throws<TimeZoneNotFoundException>(() => ring.Events.PublishControl(SlotKind.Flush));

        Assert.Equal(2, ring.Slots.Sequencer.HighestPublished(0));
    }

    [Fact]
    public void PublishInPlace_RingWithThreads_IsNotSupported()
    {
        var ring = NewRing();

        Assert.False(ring.Events.TakesInPlace);
        Assert.Throws<NotSupportedException>(() => ring.Events.PublishInPlace(ring.Events.Claim(1), default));
    }

    [Theory]
    [InlineData("room")]
    [InlineData("close")]
    [InlineData("fault")]
    public async Task WaitForSpaceAsync_Full_EndsAtOnceByRoomCloseOrFault(string by)
    {
        var ring = Filled();
        var first = ring.Events.WaitForSpaceAsync(CancellationToken.None);
        var second = ring.Events.WaitForSpaceAsync(CancellationToken.None);

        switch (by)
        {
            case "room":
                _consumer.SetRelease(0);
                ring.Events.ReleaseSpaceWaiters();
                break;
            case "close":
                ring.Events.Close();
                break;
            default:
                ring.Fault.TryStop();
                break;
        }

        Assert.True(await Bounded(first));
        Assert.True(await Bounded(second));
    }

    [Fact]
    public async Task WaitForSpaceAsync_RoomOrFaultAlready_DoesNotWait()
    {
        var roomy = NewRing();
        Assert.True(await roomy.Events.WaitForSpaceAsync(CancellationToken.None));

        var ended = Filled();
        ended.Fault.TryStop();
        Assert.True(await ended.Events.WaitForSpaceAsync(CancellationToken.None));
    }

    private static unsafe SlotKind[] Kinds(SlotRing ring, long first, int count) =>
        [.. Enumerable.Range(0, count).Select(index => ring.Slots.SlotAt(first + index)->Kind)];

    private static Task<T> Bounded<T>(Task<T> task) =>
        task.WaitAsync(Processors.Patience, TestContext.Current.CancellationToken);

    private SlotRing NewRing(long first = 0)
    {
        var ring = new SlotRing(first, gate: _gate);
        ring.Slots.Sequencer.AddGatingSequences(_consumer);
        return ring;
    }

    private SlotRing Filled(long first = 0)
    {
        var ring = NewRing(first);
        while (ring.Events.TryClaim(SlotRing.Capacity, out var range))
            ring.Events.Publish(range);
        return ring;
    }
}
