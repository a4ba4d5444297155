using System.Text;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.Cluster.Tests.Testing.Stores;
using DisruptorStream.Events;
using DisruptorStream.Sources;
using static DisruptorStream.Cluster.Tests.Testing.Waiting;

namespace DisruptorStream.Cluster.Tests.Owning;

/// <summary>Records and checkpoints that are damaged, cut, or of something else.</summary>
public sealed class OddBytesTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly InMemoryLogStore _logs = new();
    private readonly InMemoryCheckpointStore _checkpoints = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _logs.DisposeAsync();
        await _checkpoints.DisposeAsync();
    }

    [Theory]
    [InlineData("-9223372036854775808")]
    [InlineData("9223372036854775806")]
    [InlineData("-1")]
    [InlineData("9223372036854775807")]
    [InlineData("99999999999999999999")]
    [InlineData("soon")]
    [InlineData("")]
    public async Task Input_WatermarkOfAnyNumber_IsTakenOrLeftOut(string watermark)
    {
        var query = new PartitionedQuery<Call, string>(
            Queries.Bills, Queries.Options(_logs) with { OnBadRecord = BadRecordPolicy.Skip });
        await query.CreateTopicsAsync(Token);
        await using var input = await _logs.OpenAsync("calls", 0, Token);
        for (var record = 0; record < 3; record++)
        {
            await input.AppendAsync(
                new LogRecord(
                    Encoding.UTF8.GetBytes("""{"Tenant":"a","Ticks":5,"Cost":1}""" + "\n"),
                    [new(PartitionHeaders.Watermark, watermark), new(PartitionHeaders.Count, "-7")]),
                $"odd {record}",
                Token);
        }

        await using var owner = query.NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus() is { State: PartitionState.Failed } or { Inputs: [{ Position: 3 }] });
        await owner.StopAsync(Token).WaitAsync(Patience, Token);
        Assert.Null(owner.GetStatus().Failure);
        Assert.Equal(PartitionState.Stopped, owner.GetStatus().State);
        await query.VerifyAsync(0, Token).WaitAsync(Patience, Token);
    }

    [Fact]
    public async Task Input_EventsBehindItsEnd_AreLateOnes_AlsoForTheNextOwner()
    {
        var query = Queries.Partitioned(_logs, _checkpoints);
        await query.CreateTopicsAsync(Token);
        for (var round = 1; round <= 3; round++)
        {
            await PartitionOwnerTests.WriteAsync(query, 10);
            await using var owner = query.NewOwner(0);
            owner.Start();
            await Until(() =>
                owner.GetStatus() is { State: PartitionState.Failed } or { Inputs: [{ Lag: 0, Position: > 0 }] });
            await owner.StopAsync(Token).WaitAsync(Patience, Token);
            Assert.Null(owner.GetStatus().Failure);
            Assert.Equal(10, (await ResultLog.ReadAsync(_logs, 0, Token)).Sum(bill => bill.Calls));
            var report = await query.VerifyAsync(0, Token).WaitAsync(Patience, Token);
            Assert.Equal((10 * round, 10 * (round - 1)), (report.Events, report.EventsDropped));
            var status = owner.GetStatus();
            Assert.Equal(10 * (round - 1), status.EventsDropped);
            Assert.Equal(status.EventsDropped, status.Stats!.DroppedBy(DropReason.AfterEnd));
        }
    }

    [Theory]
    [InlineData(PartitionHeaders.Order, "%%%")]
    [InlineData(PartitionHeaders.Order, "AQ==")]
    [InlineData(PartitionHeaders.Order, "//////////////8=")]
    [InlineData(PartitionHeaders.Order, "AAoBAf///38=")]
    [InlineData(PartitionHeaders.Order, "AQEB")]
    [InlineData(PartitionHeaders.First, "-1")]
    [InlineData(PartitionHeaders.First, "9223372036854775807")]
    [InlineData(PartitionHeaders.First, "x")]
    [InlineData(PartitionHeaders.Count, "2147483648")]
    [InlineData(PartitionHeaders.Count, "2147483647")]
    [InlineData(PartitionHeaders.Count, "-1")]
    [InlineData(PartitionHeaders.Epoch, "0")]
    [InlineData(PartitionHeaders.Epoch, "99999999999999999999")]
    [InlineData(PartitionHeaders.Plan, "another")]
    [InlineData(PartitionHeaders.Version, "0")]
    [InlineData(PartitionHeaders.Version, "second")]
    [InlineData(PartitionHeaders.Version, "4294967297")]
    public async Task Results_DamagedHeaders_FailWithAReason(string header, string value)
    {
        var query = Queries.Partitioned(_logs);
        await query.CreateTopicsAsync(Token);
        var headers = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [PartitionHeaders.Epoch] = "1",
            [PartitionHeaders.First] = "1",
            [PartitionHeaders.Count] = "0",
            [header] = value,
        };
        await using var output = await _logs.OpenAsync("bills", 0, Token);
        await output.AppendAsync(new LogRecord(default, [.. headers]), 0, Token);
        await using var owner = query.NewOwner(0);
        owner.Start();
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => owner.Completion.WaitAsync(Patience, Token));
        Assert.True(failure is InvalidDataException or StreamProcessorException, failure.ToString());
        Assert.Equal(PartitionState.Failed, owner.GetStatus().State);
    }

    [Fact]
    public async Task Checkpoint_DamagedAnywhere_IsPassedOver()
    {
        var (query, stored) = await WithCheckpointAsync();
        var bytes = stored.Checkpoint.State.ToArray();
        for (var at = 0; at < bytes.Length * 2; at += at < 120 ? 1 : 41)
        {
            var damaged = at % 2 == 0 ? bytes[..(at / 2)] : bytes.ToArray();
            if (at % 2 == 1)
                damaged[at / 2] ^= (byte)(1 << (at / 2 % 8));
            await TakesPartAsync(query, stored with
            {
                Checkpoint = stored.Checkpoint with { State = damaged },
            }, $"{at}");
        }
    }

    [Fact]
    public async Task Checkpoint_ItsStoreSaysThatItIsDamaged_IsReplaced()
    {
        await WithCheckpointAsync();
        var store = new DamagedCheckpointStore(_checkpoints);
        var query = Queries.Partitioned(_logs, store);
        await using var owner = query.NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus().State == PartitionState.Owning);
        await owner.StopAsync(Token);
        Assert.True(store.IsMended);
        Assert.NotNull(await store.ReadAsync("bills", 0, Token));
    }

    [Fact]
    public async Task Checkpoint_OfAnotherPlace_IsPassedOver()
    {
        var (query, stored) = await WithCheckpointAsync();
        await TakesPartAsync(
            query,
            stored with { Checkpoint = stored.Checkpoint with { Position = stored.Checkpoint.Position - 1 } },
            "one before");
        await TakesPartAsync(
            query, stored with { Checkpoint = stored.Checkpoint with { Epoch = 1_000 } }, "another epoch");
    }

    [Fact]
    public async Task Restore_InputThatIsNoLongerKept_FailsAsTruncated()
    {
        var query = Queries.Partitioned(_logs);
        await RunAsync(query);
        for (var through = 1; through < 40; through += 6)
        {
            _logs.Truncate("calls", 0, through);
            await using var owner = query.NewOwner(0);
            owner.Start();
            await Assert.ThrowsAsync<LogTruncatedException>(() => owner.Completion.WaitAsync(Patience, Token));
        }
    }

    [Fact]
    public async Task Restore_InputThatWasSetBack_FailsAsTruncated()
    {
        var query = Queries.Partitioned(_logs);
        await RunAsync(query);
        await using var shorter = new InMemoryLogStore();
        var other = Queries.Partitioned(shorter);
        await other.CreateTopicsAsync(Token);
        await using var from = await _logs.OpenAsync("bills", 0, Token);
        await using var to = await shorter.OpenAsync("bills", 0, Token);
        await foreach (var entry in from.ReadAsync(0, follow: false, Token))
            await to.AppendAsync(entry.Record, entry.Position - 1, Token);
        await PartitionOwnerTests.WriteAsync(other, 50, ends: false);
        await using var owner = other.NewOwner(0);
        owner.Start();
        await Assert.ThrowsAsync<LogTruncatedException>(() => owner.Completion.WaitAsync(Patience, Token));
    }

    [Fact]
    public async Task Input_OneEventWithoutAReadableKey_IsLeftOutAlone()
    {
        var picky = StreamProcessorBuilder.For<Call>()
            .KeyBy(call => call.Cost < 0 ? throw new FormatException("No key.") : call.Tenant)
            .EventTime(call => call.Ticks)
            .Measure("cost", call => call.Cost)
            .TumblingWindows(TimeSpan.FromTicks(100))
            .Aggregate(a => a.Count("calls").Sum("cost"));
        var query = new PartitionedQuery<Call, string>(picky, Queries.Options(_logs, partitions: 2) with
        {
            OnBadRecord = BadRecordPolicy.Skip,
            Routing = InputRouting.AllPartitions,
        });
        await _logs.CreateTopicAsync("calls", 1, Token);
        await query.CreateTopicsAsync(Token);
        await using var input = await _logs.OpenAsync("calls", 0, Token);
        var lines = new StringBuilder();
        for (var at = 0; at < 20; at++)
            lines.Append(Line($"t{at}", at, at == 7 ? -1 : 1));
        await input.AppendAsync(
            new LogRecord(
                Encoding.UTF8.GetBytes(lines.ToString()), [new(PartitionHeaders.Watermark, $"{long.MaxValue}")]),
            "all",
            Token);
        var calls = 0L;
        var bad = 0L;
        for (var partition = 0; partition < 2; partition++)
        {
            await using var owner = query.NewOwner(partition);
            owner.Start();
            await ResultLog.WaitForEndAsync(_logs, partition, Token).WaitAsync(Patience, Token);
            await owner.StopAsync(Token).WaitAsync(Patience, Token);
            calls += (await ResultLog.ReadAsync(_logs, partition, Token)).Sum(bill => bill.Calls);
            bad += owner.GetStatus().BadRecords;
        }

        Assert.Equal(19, calls);
        Assert.Equal(1, bad);
    }

    private static string Line(string tenant, int ticks, int cost) =>
        $$"""{"Tenant":"{{tenant}}","Ticks":{{ticks}},"Cost":{{cost}}}""" + "\n";

    private async Task<(PartitionedQuery<Call, string> Query, StoredCheckpoint Stored)> WithCheckpointAsync()
    {
        var query = Queries.Partitioned(_logs, _checkpoints);
        await RunAsync(query);
        return (query, (await _checkpoints.ReadAsync("bills", 0, Token))!);
    }

    private static async Task RunAsync(PartitionedQuery<Call, string> query)
    {
        await query.CreateTopicsAsync(Token);
        await PartitionOwnerTests.WriteAsync(query, 700, ends: false);
        await using var owner = query.NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus() is { EventsHandled: 700 });
        await owner.StopAsync(Token).WaitAsync(Patience, Token);
    }

    /// <summary>An owner restores itself with a checkpoint, and has handled as much as it would without.</summary>
    private static async Task TakesPartAsync(
        PartitionedQuery<Call, string> query, StoredCheckpoint checkpoint, string what)
    {
        await using var store = new InMemoryCheckpointStore();
        await store.WriteAsync("bills", 0, checkpoint.Checkpoint, 0, Token);
        var other = new PartitionedQuery<Call, string>(Queries.Bills, query.Options with { Checkpoints = store });
        await using var owner = other.NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus().State is PartitionState.Owning or PartitionState.Failed);
        Assert.True(owner.GetStatus().Failure is null, $"{what}: {owner.GetStatus().Failure}");
        Assert.True(owner.GetStatus().EventsHandled == 700, $"{what}: it was not passed over.");
    }
}
