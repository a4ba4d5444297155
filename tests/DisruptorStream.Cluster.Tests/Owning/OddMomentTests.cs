using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.Cluster.Tests.Testing.Stores;
using Microsoft.Extensions.Logging.Abstractions;
using static DisruptorStream.Cluster.Tests.Testing.Waiting;

namespace DisruptorStream.Cluster.Tests.Owning;

/// <summary>Owners on logs that answer late, answer something else, or fail for a while.</summary>
public sealed class OddMomentTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly OddLogStore _logs = new();
    private readonly InMemoryCheckpointStore _checkpoints = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _logs.DisposeAsync();
        await _checkpoints.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Append_LandsAndIsRefused_IsOnesOwn(bool isFenced)
    {
        var query = Queries.Partitioned(_logs, _checkpoints);
        await query.CreateTopicsAsync(Token);
        var appends = 0;
        _logs.AfterAppend = (log, _) =>
            log.StartsWith("bills", StringComparison.Ordinal) && Interlocked.Increment(ref appends) % 2 == 0
                ? throw (isFenced ? new PartitionFencedException("Late.") : new OperationCanceledException("Late."))
                : Task.CompletedTask;
        await PartitionOwnerTests.WriteAsync(query, 500);
        await using var owner = query.NewOwner(0);
        owner.Start();
        await ResultLog.WaitForEndAsync(_logs, 0, Token).WaitAsync(Patience, Token);
        await owner.StopAsync(Token).WaitAsync(Patience, Token);
        Assert.Equal(PartitionState.Stopped, owner.GetStatus().State);
        Assert.Equal(500, (await ResultLog.ReadAsync(_logs, 0, Token)).Sum(bill => bill.Calls));
        await query.VerifyAsync(0, Token);
    }

    [Fact]
    public async Task Results_OfOneRecordInManyRecords_GoOnBehindTheLastThatIsThere()
    {
        var query = Queries.Partitioned(_logs, _checkpoints);
        await query.CreateTopicsAsync(Token);
        await using (var writer = query.NewWriter(new() { MaxRecordBytes = 1 << 20 }))
        {
            for (var at = 0; at < 3_000; at++)
                await writer.WriteAsync(new Call($"tenant {at}", 1, 1), Token);
            await writer.CompleteAsync(Token);
        }

        for (var round = 0; round < 5; round++)
        {
            var appends = 0;
            _logs.BeforeAppend = async (_, token) =>
            {
                if (Interlocked.Increment(ref appends) > 7)
                    await Task.Delay(Timeout.Infinite, token);
            };
            await using var broken = query.NewOwner(0);
            broken.Start();
            await Until(() => appends > 7);
            await broken.DisposeAsync().AsTask().WaitAsync(Patience, Token);
        }

        _logs.BeforeAppend = static (_, _) => Task.CompletedTask;
        await using var owner = query.NewOwner(0);
        owner.Start();
        await ResultLog.WaitForEndAsync(_logs, 0, Token).WaitAsync(Patience, Token);
        await owner.StopAsync(Token).WaitAsync(Patience, Token);
        var bills = await ResultLog.ReadAsync(_logs, 0, Token);
        Assert.Equal(3_000, bills.Count);
        Assert.Equal(Enumerable.Range(1, 3_000), bills.Select(bill => (int)bill.Number));
        Assert.Equal(3_000, bills.DistinctBy(bill => bill.Tenant).Count());
        Assert.Equal(6, (await query.VerifyAsync(0, Token)).Epochs);
    }

    [Fact]
    public async Task Results_LargerThanARecord_AreRecordsOfTheirOwn()
    {
        var query = Queries.Partitioned(_logs);
        await query.CreateTopicsAsync(Token);
        await using (var writer = query.NewWriter(new() { MaxRecordBytes = 1024 }))
        {
            for (var at = 0; at < 5; at++)
                await writer.WriteAsync(new Call(new string((char)('a' + at), 10_000), 1, 1), Token);
            await writer.CompleteAsync(Token);
        }

        await using var owner = query.NewOwner(0);
        owner.Start();
        await ResultLog.WaitForEndAsync(_logs, 0, Token).WaitAsync(Patience, Token);
        await owner.StopAsync(Token).WaitAsync(Patience, Token);
        Assert.Equal(5, (await ResultLog.ReadAsync(_logs, 0, Token)).Count);
    }

    [Fact]
    public async Task Failure_ThatIsOver_IsNoLongerTold_ThoughNothingComes()
    {
        var query = Queries.Partitioned(_logs);
        await query.CreateTopicsAsync(Token);
        var fails = true;
        _logs.OnRead = (log, _) => Volatile.Read(ref fails) && log.StartsWith("calls", StringComparison.Ordinal)
            ? throw new IOException("Away.")
            : Task.CompletedTask;
        await using var owner = query.NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus() is { State: PartitionState.Owning, Failure: not null });
        Volatile.Write(ref fails, false);
        await Until(() => owner.GetStatus().Failure is null);
        Assert.Equal(PartitionState.Owning, owner.GetStatus().State);
    }

    [Fact]
    public async Task Failure_OfOneInput_IsToldOnce_ThoughTheOthersGoWell()
    {
        var logger = new CountingLogger();
        var query = new PartitionedQuery<Call, string>(
            Queries.Bills,
            Queries.Options(_logs) with
            {
                Routing = InputRouting.AllPartitions,
                Logger = logger,
                TimeProvider = TimeProvider.System,
            });
        await _logs.CreateTopicAsync("calls", 2, Token);
        await query.CreateTopicsAsync(Token);
        _logs.OnRead = static (log, _) => string.Equals(log, "calls/1", StringComparison.Ordinal)
            ? throw new IOException("Away.")
            : Task.CompletedTask;
        await using var owner = query.NewOwner(0);
        owner.Start();
        await using var input = await _logs.OpenAsync("calls", 0, Token);
        for (var record = 0; record < 200; record++)
        {
            await input.AppendAsync(new LogRecord(default, []), $"{record}", Token);
            await Task.Delay(2, Token);
        }

        Assert.IsType<IOException>(owner.GetStatus().Failure);
        Assert.InRange(logger.Warnings, 1, 2);
    }

    [Fact]
    public async Task Owners_FiveHundredInOneProcess_HandleAll()
    {
        var query = new PartitionedQuery<Call, string>(
            Queries.Bills,
            Queries.Options(_logs, _checkpoints, 500) with
            {
                CheckpointInterval = TimeSpan.FromSeconds(10),
                ProgressInterval = TimeSpan.FromSeconds(1),
                Logger = NullLogger.Instance,
            });
        await query.CreateTopicsAsync(Token);
        await PartitionOwnerTests.WriteAsync(query, 2_000);
        var owners = Enumerable.Range(0, 500).Select(query.NewOwner).ToList();
        owners.ForEach(owner => owner.Start());
        await Until(() => owners.TrueForAll(owner => owner.GetStatus().WatermarkTicks == long.MaxValue));
        await Task.WhenAll(owners.Select(owner => owner.StopAsync(Token))).WaitAsync(Patience, Token);
        Assert.Equal(2_000, owners.Sum(owner => owner.GetStatus().EventsHandled));
        Assert.All(owners, owner => Assert.Equal(PartitionState.Stopped, owner.GetStatus().State));
    }

    [Fact]
    public void Options_WithoutWhatTheyNeed_AreRefused()
    {
        var options = Queries.Options(_logs);
        Assert.Throws<ArgumentNullException>(() => options with { Logs = null! });
        Assert.Throws<ArgumentNullException>(() => options with { Format = null! });
        Assert.Throws<ArgumentNullException>(() => options with { TimeProvider = null! });
        Assert.ThrowsAny<ArgumentException>(() => options with { Partitions = 0 });
    }
}
