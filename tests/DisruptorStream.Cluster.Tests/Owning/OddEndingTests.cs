using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.Cluster.Tests.Testing.Stores;
using static DisruptorStream.Cluster.Tests.Testing.Waiting;

namespace DisruptorStream.Cluster.Tests.Owning;

/// <summary>Owners end in every state, whatever the logs and stores do that they call.</summary>
public sealed class OddEndingTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly OddLogStore _logs = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _logs.DisposeAsync();

    [Theory]
    [InlineData("append")]
    [InlineData("read bills")]
    [InlineData("read calls")]
    [InlineData("close")]
    [InlineData("last")]
    public async Task Owner_CallsThatHangAndIgnoreTheirToken_EndsAllTheSame(string what)
    {
        var query = Queries.Partitioned(_logs);
        await query.CreateTopicsAsync(Token);
        await PartitionOwnerTests.WriteAsync(query, 100, ends: false);
        switch (what)
        {
            case "append":
                _logs.BeforeAppend = OddLogStore.Hang;
                break;
            case "close":
                _logs.OnClose = OddLogStore.Hang;
                break;
            case "last":
                _logs.OnReadLast = OddLogStore.Hang;
                break;
            default:
                _logs.OnRead = (log, token) => log.StartsWith(what[5..], StringComparison.Ordinal)
                    ? OddLogStore.Hang(log, token)
                    : Task.CompletedTask;
                break;
        }

        var owner = query.NewOwner(0);
        owner.Start();
        await Task.Delay(100, Token);
        await owner.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        Assert.Equal(PartitionState.Stopped, owner.GetStatus().State);
    }

    [Fact]
    public async Task Stop_CallsThatHang_EndsAtOnceWhenItsTokenSaysSo()
    {
        var query = Queries.Partitioned(_logs);
        await query.CreateTopicsAsync(Token);
        var owner = query.NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus().State == PartitionState.Owning);
        _logs.BeforeAppend = (log, token) =>
            log.StartsWith("bills", StringComparison.Ordinal) ? OddLogStore.Hang(log, token) : Task.CompletedTask;
        await PartitionOwnerTests.WriteAsync(query, 100, ends: false);
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await owner.StopAsync(end.Token).WaitAsync(Patience, Token);
        await owner.DisposeAsync().AsTask().WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task Stop_StoreOfCheckpointsThatHangs_EndsAtOnceWhenItsTokenSaysSo()
    {
        var store = new HangingCheckpointStore();
        var query = Queries.Partitioned(_logs, store);
        await query.CreateTopicsAsync(Token);
        await PartitionOwnerTests.WriteAsync(query, 100, ends: false);
        var owner = query.NewOwner(0);
        owner.Start();
        await store.IsAsked.Task.WaitAsync(Patience, Token);
        using var end = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await owner.StopAsync(end.Token).WaitAsync(Patience, Token);
        await owner.DisposeAsync().AsTask().WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task Owner_LogThatCannotBeClosed_EndsAsItWouldOtherwise()
    {
        var query = Queries.Partitioned(_logs);
        await query.CreateTopicsAsync(Token);
        var closed = 0;
        _logs.OnClose = (_, _) =>
        {
            Interlocked.Increment(ref closed);
            throw new IOException("It was told not to close.");
        };
        await using var owner = query.NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus().State == PartitionState.Owning);
        await owner.StopAsync(Token).WaitAsync(Patience, Token);
        Assert.Equal(PartitionState.Stopped, owner.GetStatus().State);
        Assert.Equal(2, closed);
    }

    [Fact]
    public async Task Calls_CallbacksOfTokensThatThrow_EndTheOwnerAllTheSame()
    {
        var query = Queries.Partitioned(_logs);
        await query.CreateTopicsAsync(Token);
        _logs.OnRead = static (_, token) =>
        {
            token.Register(static () => throw new InvalidOperationException("A callback of a log."));
            return Task.CompletedTask;
        };
        await using var standby = query.NewStandby(0);
        standby.Start();
        await Until(() => standby.GetStatus().State == PartitionState.Standby);
        await PartitionOwnerTests.WriteAsync(query, 10, ends: false);
        standby.TakeOver();
        await Until(() => standby.GetStatus().State == PartitionState.Owning);
        await standby.StopAsync(Token).WaitAsync(Patience, Token);
        Assert.Equal(PartitionState.Stopped, standby.GetStatus().State);
    }

    [Fact]
    public async Task TakeOver_ReturnsAtOnce_ThoughTheLogHasWorkToDoWhenItIsTold()
    {
        var query = Queries.Partitioned(_logs);
        await query.CreateTopicsAsync(Token);
        using var goOn = new ManualResetEventSlim();
        await using var standby = query.NewStandby(0);
        _logs.OnRead = (_, token) =>
        {
            token.Register(() => goOn.Wait(Patience));
            return Task.CompletedTask;
        };
        standby.Start();
        await Until(() => standby.GetStatus().State == PartitionState.Standby);
        await Task.Delay(50, Token);
        var call = Task.Run(standby.TakeOver, Token);
        await call.WaitAsync(TimeSpan.FromSeconds(60), Token);
        goOn.Set();
        await Until(() => standby.GetStatus().State == PartitionState.Owning);
    }

    [Fact]
    public async Task Standby_LogThatEndsWhileItIsFollowed_DoesNotTakeOver()
    {
        var query = Queries.Partitioned(_logs);
        await query.CreateTopicsAsync(Token);
        _logs.EndsReading = true;
        await using var standby = query.NewStandby(0);
        standby.Start();
        await Until(() => standby.GetStatus() is { Failure: not null } or { State: PartitionState.Owning });
        Assert.Equal(PartitionState.Standby, standby.GetStatus().State);
    }

    [Fact]
    public async Task Calls_FromManyThreadsAtOnce_EndTheOwner()
    {
        var query = Queries.Partitioned(_logs, new InMemoryCheckpointStore());
        await query.CreateTopicsAsync(Token);
        await PartitionOwnerTests.WriteAsync(query, 200, ends: false);
        for (var round = 0; round < 100; round++)
        {
            var owner = round % 2 == 0 ? query.NewOwner(0) : query.NewStandby(0);
            var calls = new List<Task>();
            for (var caller = 0; caller < 8; caller++)
            {
                var what = (caller + round) % 5;
                calls.Add(Task.Run(() => CallAsync(owner, what), Token));
            }

            await Task.WhenAll(calls).WaitAsync(Patience, Token);
            await owner.DisposeAsync().AsTask().WaitAsync(Patience, Token);
            Assert.True(owner.Completion.IsCompleted);
        }

        Assert.True((await query.VerifyAsync(0, Token)).Events <= 200);
    }

    private static async Task CallAsync(PartitionOwner owner, int what)
    {
        switch (what)
        {
            case 0:
                await owner.StopAsync(Token);
                break;
            case 1:
                owner.TakeOver();
                break;
            case 2:
                await owner.DisposeAsync();
                break;
            case 3:
                Assert.Equal(0, owner.GetStatus().Partition);
                break;
            default:
                try
                {
                    owner.Start();
                }
                catch (InvalidOperationException)
                {
                    // It was started before, or has ended.
                }

                break;
        }
    }
}
