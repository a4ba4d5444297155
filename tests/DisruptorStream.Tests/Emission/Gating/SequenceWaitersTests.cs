using DisruptorStream.Emission.Gating;

namespace DisruptorStream.Tests.Emission.Gating;

/// <summary>Who waits for a sequence is told when it is reached, and not before; the end faults the others.</summary>
public sealed class SequenceWaitersTests
{
    [Fact]
    public void Release_SomeOfThem_CompletesThoseThatAreReached()
    {
        var waiters = new SequenceWaiters();
        var (late, early) = (waiters.WaitFor(9), waiters.WaitFor(5));

        Assert.False(waiters.AreDue(4));
        waiters.Release(4);
        Assert.False(early.IsCompleted);

        Assert.True(waiters.AreDue(5));
        waiters.Release(5);
        Assert.True(early.IsCompletedSuccessfully);
        Assert.False(late.IsCompleted);
        Assert.False(waiters.AreDue(8));
        Assert.True(waiters.AreDue(9));
        Assert.Equal(5, waiters.Reached);
    }

    [Fact]
    public void WaitFor_WhatIsReached_IsComplete()
    {
        var waiters = new SequenceWaiters(reached: 3);
        Assert.True(waiters.WaitFor(3).IsCompletedSuccessfully);

        waiters.Release(7);
        waiters.Release(6);
        Assert.True(waiters.WaitFor(7).IsCompletedSuccessfully);
        Assert.False(waiters.WaitFor(8).IsCompleted);
    }

    [Fact]
    public async Task End_FaultsWhoWaitsNowAndLater_ButNotWhatIsReached()
    {
        var waiters = new SequenceWaiters(reached: 3);
        var before = waiters.WaitFor(4);

        waiters.End(new InvalidOperationException("first"));
        waiters.End(new InvalidOperationException("second"));

        Assert.Equal("first", (await Assert.ThrowsAsync<InvalidOperationException>(() => before)).Message);
        var after = waiters.WaitFor(5);
        Assert.Equal("first", (await Assert.ThrowsAsync<InvalidOperationException>(() => after)).Message);
        Assert.True(waiters.WaitFor(3).IsCompletedSuccessfully);
    }
}
