using DisruptorStream.Cli.Commands;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Cli.Tests.Commands;

public sealed class PatienceTests
{
    private const int TimeoutMilliseconds = 60_000;

    private readonly FakeTimeProvider _clock = new();

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task RunAsync_ACommandThatDoesNotEndWhenTold_IsLeftWithinASecond()
    {
        using var told = new CancellationTokenSource();
        var never = new TaskCompletionSource<int>();
        var running = Patience.RunAsync(() => never.Task, _clock, told.Token);
        await told.CancelAsync();
        await _clock.AdvanceUntilAsync(
            TimeSpan.FromMilliseconds(50), () => running.IsCompleted, TestContext.Current.CancellationToken);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task RunAsync_ACommandThatEndsWhenTold_HasItsSay()
    {
        using var told = new CancellationTokenSource();
        var ending = new TaskCompletionSource<int>();
        var running = Patience.RunAsync(() => ending.Task, _clock, told.Token);
        await told.CancelAsync();
        ending.SetResult(7);

        Assert.Equal(7, await running.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact(Timeout = TimeoutMilliseconds)]
    public async Task RunAsync_ACommandThatFails_FailsWithItsReason()
    {
        var reason = new IOException();

        Assert.Same(reason, await Assert.ThrowsAsync<IOException>(
            () => Patience.RunAsync(() => throw reason, _clock, TestContext.Current.CancellationToken)));
    }
}
