using DisruptorStream.Tests.Telemetry;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Pipeline.Lifecycle;

/// <summary>Reading before the start waits; it is said only when it lasts.</summary>
public sealed class StartReminderTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly LineLogger _logger = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Results_NeverStarted_SaysSoAfterASecondAndEndsWhenDisposed(ExecutionMode mode)
    {
        var processor = Build(mode);
        await using var reader = processor.ReadResultsAsync(Token).GetAsyncEnumerator(Token);
        var next = reader.MoveNextAsync().AsTask();

        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Empty(_logger.Lines);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(
            [
                "12 Processor 'late': its results are being read, but it has not been started, so there are none; call "
                    + "Start.",
            ],
            _logger.Lines);
        Assert.False(next.IsCompleted);
        await processor.DisposeAsync();
        Assert.False(await next.WaitAsync(Processors.Patience, Token));
    }

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Results_StartedWithinASecond_SaysNothingAndReads(ExecutionMode mode)
    {
        await using var processor = Build(mode);
        await using var reader = processor.ReadResultsAsync(Token).GetAsyncEnumerator(Token);
        var next = reader.MoveNextAsync().AsTask();
        processor.Publish("a", 1, 1);
        if (mode != ExecutionMode.Inline)
            processor.Start();
        _time.Advance(TimeSpan.FromSeconds(2));
        var stopped = processor.StopAsync(StopMode.Complete, Token);

        Assert.True(await next.WaitAsync(Processors.Patience, Token));
        Assert.Equal("a", reader.Current.Key);
        Assert.False(await reader.MoveNextAsync());
        await stopped;
        Assert.DoesNotContain(_logger.Lines, line => line.StartsWith("12 ", StringComparison.Ordinal));
    }

    /// <summary>Who has stopped reading is not told that there is nothing to read.</summary>
    [Fact]
    public async Task Results_ReadingWasCancelled_SaysNothing()
    {
        await using var processor = Build(ExecutionMode.Fused);
        using var cancellation = new CancellationTokenSource();
        await using (var reader = processor.ReadResultsAsync(cancellation.Token).GetAsyncEnumerator(Token))
        {
            var next = reader.MoveNextAsync().AsTask();
            await cancellation.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(Processors.Patience, Token));
        }

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_logger.Lines);
    }

    private StreamProcessor<string> Build(ExecutionMode mode) => Processors.Tumbling(10).Counting(mode)
        .WithName("late").WithTimeProvider(_time).WithLogger(_logger).Build();
}
