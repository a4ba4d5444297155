using DisruptorStream.Rings;

namespace DisruptorStream.Tests.Rings;

/// <summary>What every wait strategy promises.</summary>
public abstract class WaitStrategyContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private protected virtual bool Parks => true;

    private protected abstract WaitStrategy NewStrategy();

    [Fact]
    public void Wait_ConditionIsMet_ReturnsAtOnce() => Assert.True(NewStrategy().Wait(new Flag { IsMet = true }));

    [Fact]
    public void Wait_NeverMet_ReturnsFalseAtTheTimeout() =>
        Assert.False(NewStrategy().Wait(new Flag(), timeoutMilliseconds: 5));

    [Fact]
    public void Wait_NoTimeLeft_AsksOnce()
    {
        Assert.False(NewStrategy().Wait(new Flag(), timeoutMilliseconds: 0));
        Assert.True(NewStrategy().Wait(new Flag { IsMet = true }, timeoutMilliseconds: 0));
    }

    [Fact]
    public async Task Signal_ConditionMetBefore_WakesEveryWaiter()
    {
        var strategy = NewStrategy();
        var flag = new Flag();
        var waiters = Enumerable.Range(0, 3).Select(_ => OnThread(() => strategy.Wait(flag))).ToList();
        while (flag.Asked < 3)
            Thread.Yield();

        flag.IsMet = true;
        strategy.Signal();

        Assert.All(await Task.WhenAll(waiters).WaitAsync(Patience, TestContext.Current.CancellationToken), Assert.True);
    }

    [Fact]
    public async Task Signal_ThousandsOfTurns_LosesNoWakeUp()
    {
        const int Turns = 3_000;
        var strategy = NewStrategy();
        var turn = new TurnCondition();
        var other = OnThread(() => Play(strategy, turn, 1, Turns));

        Assert.True(Play(strategy, turn, 0, Turns));
        Assert.True(await other.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(2 * Turns, turn.Number);
    }

    /// <summary>Who has signalled nobody for long still wakes the next one that sleeps.</summary>
    [Fact]
    public async Task Signal_ManyForNobodyBefore_WakesWhoGoesToSleepJustThen()
    {
        const int Rounds = 300;
        const int SignalsForNobody = 1_100;
        var random = new Random(1);
        for (var round = 0; round < Rounds; round++)
        {
            var strategy = NewStrategy();
            var flag = new Flag();
            for (var signal = 0; signal < SignalsForNobody; signal++)
                strategy.Signal();
            var waiter = OnThread(() => strategy.Wait(flag, timeoutMilliseconds: 30_000));
            SpinWait.SpinUntil(() => flag.Asked > 0, Patience);
            Thread.SpinWait(random.Next(3_000));

            flag.IsMet = true;
            strategy.Signal();

            Assert.True(await waiter.WaitAsync(Patience, TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task MayBeAwaited_SomebodyParks_IsTrueUntilTheSignal()
    {
        var strategy = NewStrategy();
        var flag = new Flag();
        Assert.False(strategy.MayBeAwaited);
        var waiter = OnThread(() => strategy.Wait(flag));
        if (Parks)
            SpinWait.SpinUntil(() => strategy.MayBeAwaited, Patience);
        Assert.Equal(Parks, strategy.MayBeAwaited);

        flag.IsMet = true;
        strategy.Signal();

        Assert.True(await waiter.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.False(strategy.MayBeAwaited);
    }

    [Fact]
    public void Wait_Repeatedly_AllocatesNothing()
    {
        var strategy = NewStrategy();
        var flag = new Flag();
        strategy.Wait(flag, timeoutMilliseconds: 1);
        var least = long.MaxValue;

        // The runtime makes things of its own the first times; a wait that allocates does so every time.
        for (var round = 0; round < 5 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20; i++)
                strategy.Wait(flag, timeoutMilliseconds: 1);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    /// <summary>Two threads take turns: a wake-up that is lost stops both for good.</summary>
    private static bool Play(WaitStrategy strategy, TurnCondition turn, int player, int turns)
    {
        var mine = turn.Of(player);
        for (var i = 0; i < turns; i++)
        {
            if (!strategy.Wait(mine, timeoutMilliseconds: 30_000))
                return false;
            turn.Next();
            strategy.Signal();
        }

        return true;
    }

    private static Task<bool> OnThread(Func<bool> work) => Task.Factory.StartNew(
        work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed class TurnCondition
    {
        private long _number;

        public long Number => Volatile.Read(ref _number);

        public void Next() => Volatile.Write(ref _number, Number + 1);

        public IWaitCondition Of(int player) => new Mine(this, player);

        private sealed class Mine : IWaitCondition
        {
            private readonly TurnCondition _turn;
            private readonly int _player;

            public Mine(TurnCondition turn, int player) => (_turn, _player) = (turn, player);

            public bool IsMet => _turn.Number % 2 == _player;
        }
    }
}
