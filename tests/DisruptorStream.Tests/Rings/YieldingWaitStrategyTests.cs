using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings;

public sealed class YieldingWaitStrategyTests : WaitStrategyContract
{
    private protected override WaitStrategy NewStrategy() =>
        WaitStrategy.Create(WaitStrategyKind.Yielding, new ProcessorBudget(2), busyThreads: 2);
}
