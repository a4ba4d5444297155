using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings;

/// <summary>Counts its signals, and says what a test wants about who sleeps.</summary>
internal sealed class CountingWaitStrategy : WaitStrategy
{
    private bool _mayBeAwaited;
    private bool _gathers;

    public override bool Gathers => _gathers;

    public override bool MayBeAwaited => _mayBeAwaited;

    public int Signals { get; private set; }

    /// <summary>How often somebody parked to let events gather.</summary>
    public int Parked { get; private set; }

    public static CountingWaitStrategy ThatGathers() => new() { _gathers = true };

    public static CountingWaitStrategy WithSleeper() => new() { _mayBeAwaited = true };

    public override bool Wait(IWaitCondition condition, int timeoutMilliseconds = Timeout.Infinite) => condition.IsMet;

    public override void Park(IWaitCondition condition, int timeoutMilliseconds) => Parked++;

    public override void Signal() => Signals++;
}
