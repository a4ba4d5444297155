using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.Cluster.Tests.Testing.Stores;

namespace DisruptorStream.Cluster.Tests.Writing;

/// <summary>A writer loses nothing without saying so, and ends whatever its log does.</summary>
public sealed class PartitionWriterTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly OddLogStore _logs = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Writer_RecordThatTheLogRefuses_SaysSoUntilItEnds(int delayMilliseconds)
    {
        var query = Queries.Partitioned(_logs);
        await query.CreateTopicsAsync(Token);
        await using var writer = query.NewWriter(
            new() { MaxDelay = TimeSpan.FromMilliseconds(delayMilliseconds), MaxRecordBytes = 1024 });
        _logs.BeforeAppend = static (_, _) => throw new ArgumentException("The record is too large.");
        await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await writer.WriteAsync(new Call("one", 1, 1), Token);
            await writer.FlushAsync(Token);
        });
        _logs.BeforeAppend = static (_, _) => Task.CompletedTask;
        await Assert.ThrowsAsync<ArgumentException>(async () =>
        {
            await writer.WriteAsync(new Call("two", 2, 1), Token);
            await writer.FlushAsync(Token);
        });
        await Assert.ThrowsAsync<ArgumentException>(() => writer.CompleteAsync(Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Dispose_AppendsThatHangAndIgnoreTheirToken_Returns(bool flushes)
    {
        var query = Queries.Partitioned(_logs);
        await query.CreateTopicsAsync(Token);
        _logs.BeforeAppend = OddLogStore.Hang;
        var writer = query.NewWriter(new() { MaxDelay = TimeSpan.Zero, MaxRecordBytes = 1024 });
        await writer.WriteAsync(new Call("one", 1, 1), Token);
        var flush = flushes ? writer.FlushAsync(Token) : Task.CompletedTask;
        await Task.Delay(50, Token);
        await writer.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        await Task.WhenAny(flush, Task.Delay(Patience, Token));
        Assert.True(flush.IsCompleted);
    }

    [Fact]
    public async Task Dispose_LogsThatCannotBeClosed_ClosesTheOthers()
    {
        var query = Queries.Partitioned(_logs, partitions: 3);
        await query.CreateTopicsAsync(Token);
        var closed = 0;
        _logs.OnClose = (_, _) =>
        {
            Interlocked.Increment(ref closed);
            throw new IOException("It was told not to close.");
        };
        var writer = query.NewWriter();
        for (var tenant = 0; tenant < 30; tenant++)
            await writer.WriteAsync(new Call($"tenant {tenant}", tenant, 1), Token);
        await writer.FlushAsync(Token);
        await writer.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        Assert.Equal(3, closed);
    }

    [Fact]
    public async Task Write_ThatWaitsWhenTheWriterEnds_IsRefusedAsDisposed()
    {
        var query = Queries.Partitioned(_logs);
        await query.CreateTopicsAsync(Token);
        _logs.BeforeAppend = static (_, token) => Task.Delay(Timeout.Infinite, token);
        var writer = query.NewWriter(new() { MaxDelay = TimeSpan.Zero, MaxRecordBytes = 1024 });
        var writes = Task.Run(
            async () =>
            {
                for (var at = 0; ; at++)
                    await writer.WriteAsync(new Call("one", at, 1), Token);
            },
            Token);
        await Task.Delay(50, Token);
        Assert.False(writes.IsCompleted);
        await writer.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => writes.WaitAsync(Patience, Token));
    }
}
