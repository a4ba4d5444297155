using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings;

public sealed class SingleProducerSequencerTests : SequencerContract
{
    private protected override Sequencer NewSequencer(
        int capacity, WaitStrategy wait, RingFault fault, int wakeUpRoom = 1) =>
        new SingleProducerSequencer(capacity, wait, wait, fault) { WakeUpRoom = wakeUpRoom };
}
