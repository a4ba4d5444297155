using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings.Waiting;

public sealed class BlockingWaitStrategyTests : WaitStrategyContract
{
    private protected override WaitStrategy NewStrategy() =>
        WaitStrategy.Create(WaitStrategyKind.Blocking, new ProcessorBudget(2), busyThreads: 2);
}
