using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings.Waiting;

public sealed class BusySpinWaitStrategyTests : WaitStrategyContract
{
    private protected override bool Parks => false;

    private protected override WaitStrategy NewStrategy() =>
        WaitStrategy.Create(WaitStrategyKind.BusySpin, new ProcessorBudget(2), busyThreads: 2);
}
