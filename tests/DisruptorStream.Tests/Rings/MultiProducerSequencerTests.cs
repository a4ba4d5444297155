using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings;

public sealed class MultiProducerSequencerTests : SequencerContract
{
    [Fact]
    public void Barrier_LaterClaimPublishedFirst_StaysInvisibleBehindTheGap()
    {
        var sequencer = NewSequencer(8, Blocking, new RingFault());
        var barrier = sequencer.NewBarrier();
        var (first, second) = (sequencer.Claim(2), sequencer.Claim(3));

        sequencer.Publish(second);
        Assert.Equal(-1, barrier.Available(0));
        sequencer.Publish(first);
        Assert.Equal(4, barrier.Available(0));
    }

    /// <summary>Behind the last published slot lies one of the lap before, which is no new one.</summary>
    [Fact]
    public void HighestPublished_FullRingAcrossTheWrap_EndsAtTheLastPublished()
    {
        var sequencer = NewSequencer(8, Blocking, new RingFault());
        sequencer.Publish(sequencer.Claim(8));
        Assert.Equal(7, sequencer.HighestPublished(0));

        sequencer.Publish(sequencer.Claim(3));
        Assert.Equal(10, sequencer.HighestPublished(3));
        Assert.Equal(10, sequencer.HighestPublished(11));
    }

    private protected override Sequencer NewSequencer(
        int capacity, WaitStrategy wait, RingFault fault, int wakeUpRoom = 1) =>
        new MultiProducerSequencer(capacity, wait, wait, fault) { WakeUpRoom = wakeUpRoom };
}
