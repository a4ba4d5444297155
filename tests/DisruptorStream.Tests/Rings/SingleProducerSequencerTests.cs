using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings;

public sealed class SingleProducerSequencerTests : SequencerContract
{
    private protected override Sequencer NewSequencer(int capacity, WaitStrategy wait, RingFault fault) =>
        new SingleProducerSequencer(capacity, wait, wait, fault);
}
