using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings;

/// <summary>Counts its signals, and says what a test wants about who sleeps.</summary>
internal sealed class CountingWaitStrategy : WaitStrategy
{
    private bool _mayBeAwaited;

    public override bool MayBeAwaited => _mayBeAwaited;

    public int Signals { get; private set; }

    public static CountingWaitStrategy WithSleeper() => new() { _mayBeAwaited = true };

    public override bool Wait(IWaitCondition condition, int timeoutMilliseconds = Timeout.Infinite) => condition.IsMet;

    public override void Signal() => Signals++;
}
