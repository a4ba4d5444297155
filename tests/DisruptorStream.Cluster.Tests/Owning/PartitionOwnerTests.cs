using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.Cluster.Tests.Testing.Stores;
using static DisruptorStream.Cluster.Tests.Testing.Waiting;

namespace DisruptorStream.Cluster.Tests.Owning;

/// <summary>What one owner of a partition does, from start to end.</summary>
public sealed class PartitionOwnerTests : IAsyncDisposable
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

    [Fact]
    public async Task Owner_InputThatEnds_HasAllResultsInTheLog_AndTheyAreThoseOfOneProcess()
    {
        var query = Queries.Partitioned(_logs, _checkpoints, partitions: 3);
        await query.CreateTopicsAsync(Token);
        await WriteAsync(query, 5_000);
        for (var partition = 0; partition < 3; partition++)
        {
            await using var owner = query.NewOwner(partition);
            owner.Start();
            await ResultLog.WaitForEndAsync(_logs, partition, Token).WaitAsync(Patience, Token);
            await owner.StopAsync(Token).WaitAsync(Patience, Token);
            await owner.Completion;
            Assert.Equal(PartitionState.Stopped, owner.GetStatus().State);
        }

        var bills = new List<Bill>();
        for (var partition = 0; partition < 3; partition++)
        {
            var part = await ResultLog.ReadAsync(_logs, partition, Token);
            Assert.Equal(Enumerable.Range(1, part.Count), part.Select(bill => (int)bill.Number));
            Assert.All(part, bill => Assert.Equal(partition, query.PartitionOf(bill.Tenant)));
            bills.AddRange(part);
            var report = await query.VerifyAsync(partition, Token);
            Assert.Equal(part.Count, report.Results);
        }

        Assert.Equal(5_000, bills.Sum(bill => bill.Calls));
        Assert.Equal(Enumerable.Range(0, 5_000).Sum(at => at % 7), bills.Sum(bill => bill.Cost));
        Assert.Equal(bills.Count, bills.DistinctBy(bill => (bill.Tenant, bill.End)).Count());
    }

    [Fact]
    public async Task Status_AndReport_AreALineForPeople()
    {
        var query = Queries.Partitioned(_logs, _checkpoints);
        await query.CreateTopicsAsync(Token);
        await WriteAsync(query, 100);
        await using var owner = query.NewOwner(0);
        Assert.Equal(
            "bills/0: Created, epoch 0, position 0, 0 results, 0 behind, 0 events handled, watermark none yet",
            $"{owner.GetStatus()}");
        Assert.Null(owner.GetStatus().Stats);
        await WriteAsync(query, 7);
        owner.Start();
        await Until(() => owner.GetStatus() is { EventsHandled: 107 });
        await owner.StopAsync(Token).WaitAsync(Patience, Token);
        var status = owner.GetStatus();
        var report = await query.VerifyAsync(0, Token);
        Assert.Equal(
            $"bills/0: Stopped, epoch 1, position {status.Position}, {status.Results} results, 0 behind, "
            + "107 events handled, watermark the end of input, 7 events dropped, checkpoint at position "
            + $"{status.Position}",
            $"{status}");
        Assert.Equal(
            $"{report.Results} results of 107 events (7 dropped) in {report.Records} records, by 1 owners, up to "
            + $"position {report.Position}, watermark the end of input",
            $"{report}");
    }

    [Fact]
    public async Task Owner_AnotherOneTakesThePartition_IsFenced_AndTheResultsAreOneHistory()
    {
        var query = Queries.Partitioned(_logs, _checkpoints);
        await query.CreateTopicsAsync(Token);
        await WriteAsync(query, 500, ends: false);
        await using var first = query.NewOwner(0);
        first.Start();
        await Until(() => first.GetStatus().Results > 0);
        await using var second = query.NewOwner(0);
        second.Start();
        await Until(() => second.GetStatus().State == PartitionState.Owning);
        await WriteAsync(query, 500, from: 500);
        await Assert.ThrowsAsync<PartitionFencedException>(() => first.Completion.WaitAsync(Patience, Token));
        Assert.Equal(PartitionState.Fenced, first.GetStatus().State);

        await ResultLog.WaitForEndAsync(_logs, 0, Token).WaitAsync(Patience, Token);
        await second.StopAsync(Token);
        var report = await query.VerifyAsync(0, Token);
        Assert.Equal(2, report.Epochs);
        var bills = await ResultLog.ReadAsync(_logs, 0, Token);
        Assert.Equal(1_000, bills.Sum(bill => bill.Calls));
    }

    [Fact]
    public async Task Owner_WithNothingToAppend_LearnsThatItIsFenced()
    {
        var query = Queries.Partitioned(_logs);
        await query.CreateTopicsAsync(Token);
        await using var first = query.NewOwner(0);
        first.Start();
        await Until(() => first.GetStatus().State == PartitionState.Owning);
        await using var second = query.NewOwner(0);
        second.Start();
        await Assert.ThrowsAsync<PartitionFencedException>(() => first.Completion.WaitAsync(Patience, Token));
    }

    [Fact]
    public async Task Standby_FollowsTheOwner_AndGoesOnWhereItWas()
    {
        var query = Queries.Partitioned(_logs);
        await query.CreateTopicsAsync(Token);
        await WriteAsync(query, 500, ends: false);
        await using var owner = query.NewOwner(0);
        await using var standby = query.NewStandby(0);
        owner.Start();
        standby.Start();
        await Until(() => owner.GetStatus().Inputs is [{ Lag: 0, Position: > 0 }] && owner.GetStatus().Results > 0);
        await Until(() => standby.GetStatus().Position >= owner.GetStatus().Position);
        Assert.Equal(PartitionState.Standby, standby.GetStatus().State);

        await owner.DisposeAsync();
        standby.TakeOver();
        await Until(() => standby.GetStatus().State == PartitionState.Owning);
        await WriteAsync(query, 500, from: 500);
        await ResultLog.WaitForEndAsync(_logs, 0, Token).WaitAsync(Patience, Token);
        await standby.StopAsync(Token);
        Assert.Equal(2, (await query.VerifyAsync(0, Token)).Epochs);
        Assert.Equal(1_000, (await ResultLog.ReadAsync(_logs, 0, Token)).Sum(bill => bill.Calls));
    }

    [Fact]
    public async Task Standby_ThatTookOver_ReplacesTheCheckpointOfTheOwnerBefore()
    {
        var query = Queries.Partitioned(_logs, _checkpoints);
        await query.CreateTopicsAsync(Token);
        await using var owner = query.NewOwner(0);
        await using var standby = query.NewStandby(0);
        standby.Start();
        await Until(() => standby.GetStatus().State == PartitionState.Standby);
        owner.Start();
        await WriteAsync(query, 500, ends: false);
        await Until(() => owner.GetStatus().CheckpointPosition > 1);
        await owner.StopAsync(Token);
        var before = await _checkpoints.ReadAsync("bills", 0, Token);

        standby.TakeOver();
        await WriteAsync(query, 500, from: 500, ends: false);
        await Until(() => standby.GetStatus().CheckpointPosition > before!.Checkpoint.Position);
        var newest = await _checkpoints.ReadAsync("bills", 0, Token);
        Assert.Equal(2, newest!.Checkpoint.Epoch);
        Assert.True(newest.Revision > before!.Revision);
    }

    [Fact]
    public async Task Standby_KeepsTheState_AndTheNextOwnerGoesOnFromIt()
    {
        // The owner itself can keep nothing.
        var readOnly = new ReadOnlyCheckpointStore(_checkpoints);
        var query = Queries.Partitioned(_logs, readOnly);
        var following = Queries.Partitioned(_logs, _checkpoints);
        await query.CreateTopicsAsync(Token);
        await using var owner = query.NewOwner(0);
        await using var standby = following.NewStandby(0);
        owner.Start();
        standby.Start();
        var (written, position) = (0, 0L);
        for (var kept = 0; kept < 3; kept++)
        {
            await Until(() =>
            {
                WriteAsync(query, 20, from: written, ends: false).GetAwaiter().GetResult();
                written += 20;
                return standby.GetStatus().CheckpointPosition > position;
            });
            position = standby.GetStatus().CheckpointPosition!.Value;
        }

        Assert.Equal(PartitionState.Standby, standby.GetStatus().State);
        var stored = (await _checkpoints.ReadAsync("bills", 0, Token))!.Checkpoint;
        Assert.Equal(1, stored.Epoch);
        await standby.DisposeAsync();
        await owner.StopAsync(Token).WaitAsync(Patience, Token);

        await using var next = query.NewOwner(0);
        next.Start();
        await WriteAsync(query, 100, from: written);
        await ResultLog.WaitForEndAsync(_logs, 0, Token).WaitAsync(Patience, Token);
        await next.StopAsync(Token);
        Assert.InRange(next.GetStatus().EventsHandled, 100, written + 99);
        var report = await query.VerifyAsync(0, Token);
        Assert.Equal((2, written + 100), (report.Epochs, report.Events));
        Assert.Equal(written + 100, (await ResultLog.ReadAsync(_logs, 0, Token)).Sum(bill => bill.Calls));
    }

    [Fact]
    public async Task Owner_SomebodyElseKeepsTheState_LeavesItToHim()
    {
        await using var busy = new BusyCheckpointStore();
        var query = Queries.Partitioned(_logs, busy);
        await query.CreateTopicsAsync(Token);
        await using var owner = query.NewOwner(0);
        busy.Position = () => owner.GetStatus().Position;
        owner.Start();
        for (var written = 0; busy.Finds < 5; written += 20)
        {
            Assert.True(written < 100_000);
            await WriteAsync(query, 20, from: written, ends: false);
        }

        Assert.Equal(0, busy.Writes);
        await owner.StopAsync(Token).WaitAsync(Patience, Token);

        // At its end it writes where he is not as far.
        Assert.InRange(busy.Writes, 0, 1);
    }

    [Fact]
    public async Task Owner_FromACheckpoint_ReadsOnlyWhatCameBehindIt()
    {
        var query = Queries.Partitioned(_logs, _checkpoints);
        await query.CreateTopicsAsync(Token);
        await WriteAsync(query, 2_000, ends: false);
        await using (var first = query.NewOwner(0))
        {
            first.Start();
            await Until(() => first.GetStatus().EventsHandled == 2_000);
            await first.StopAsync(Token).WaitAsync(Patience, Token);
        }

        await using var second = query.NewOwner(0);
        second.Start();
        await WriteAsync(query, 100, from: 2_000);
        await ResultLog.WaitForEndAsync(_logs, 0, Token).WaitAsync(Patience, Token);
        await second.StopAsync(Token);
        Assert.Equal(100, second.GetStatus().EventsHandled);
        Assert.Equal(2_100, (await query.VerifyAsync(0, Token)).Events);
        Assert.Equal(2_100, (await ResultLog.ReadAsync(_logs, 0, Token)).Sum(bill => bill.Calls));
    }

    [Fact]
    public async Task Calls_InEveryState_ReturnOrAreRefused()
    {
        var query = Queries.Partitioned(_logs);
        await using (var never = query.NewOwner(0))
        {
            await never.StopAsync(Token);
            Assert.Throws<InvalidOperationException>(never.Start);
            never.TakeOver();
            Assert.Equal(PartitionState.Stopped, never.GetStatus().State);
        }

        // There is no topic yet: it waits for it.
        await using var owner = query.NewOwner(0);
        owner.Start();
        Assert.Throws<InvalidOperationException>(owner.Start);
        await Until(() => owner.GetStatus().Failure is InvalidOperationException);
        await query.CreateTopicsAsync(Token);
        await Until(() => owner.GetStatus().State == PartitionState.Owning);
        owner.TakeOver();
        await owner.StopAsync(Token).WaitAsync(Patience, Token);
        await owner.StopAsync(Token);
        await owner.DisposeAsync();
        Assert.Throws<InvalidOperationException>(owner.Start);
        Assert.Equal(PartitionState.Stopped, owner.GetStatus().State);
    }

    internal static async Task WriteAsync(
        PartitionedQuery<Call, string> query, int count, int from = 0, bool ends = true)
    {
        await using var writer = query.NewWriter(new() { MaxRecordBytes = 1024, MaxDelay = TimeSpan.Zero });
        for (var at = from; at < from + count; at++)
            await writer.WriteAsync(new Call($"tenant {at * 7 % 13}", at + (at * 31 % 17), at % 7), Token);
        await (ends ? writer.CompleteAsync(Token) : writer.FlushAsync(Token));
    }
}
