using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings.Waiting;

public sealed class YieldingWaitStrategyTests : WaitStrategyContract
{
    private protected override bool Parks => false;

    private protected override WaitStrategy NewStrategy() =>
        WaitStrategy.Create(WaitStrategyKind.Yielding, new ProcessorBudget(2), busyThreads: 2);
}
