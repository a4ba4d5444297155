using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings.Waiting;

public sealed class AdaptiveWaitStrategyTests : WaitStrategyContract
{
    private protected override WaitStrategy NewStrategy() =>
        WaitStrategy.Create(WaitStrategyKind.Adaptive, new ProcessorBudget(2), busyThreads: 2);
}
