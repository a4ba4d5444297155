using DisruptorStream.Building;
using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.Cluster.Tests.Testing.Stores;
using DisruptorStream.Watermarks;
using static DisruptorStream.Cluster.Tests.Testing.Waiting;

namespace DisruptorStream.Cluster.Tests.Owning;

/// <summary>A query that changes, while its partitions go on.</summary>
public sealed class PartitionUpgradeTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly InMemoryLogStore _logs = new();
    private readonly InMemoryCheckpointStore _checkpoints = new();
    private int _at;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _logs.DisposeAsync();
        await _checkpoints.DisposeAsync();
    }

    [Fact]
    public async Task Owner_OfTheNextVersionAfterAStop_GoesOnWithTheState()
    {
        var first = await BeginAsync(calls: 400);
        await StopAsync(first);
        var second = Version(2, Queries.BillsWithDearest);

        await using var owner = second.NewOwner(0);
        owner.Start();
        await EndAsync(second, 400);
        await owner.StopAsync(Token);

        var bills = await ResultLog.ReadAsync(_logs, 0, Token);
        Assert.Equal(Enumerable.Range(1, bills.Count), bills.Select(bill => (int)bill.Number));
        Assert.Equal(800, bills.Sum(bill => bill.Calls));
        Assert.Equal(Costs(800), bills.Sum(bill => bill.Cost));
        Assert.Null(bills[0].Dearest);
        Assert.NotNull(bills[^1].Dearest);
        var report = await second.UpgradeFrom(Queries.Bills).VerifyAsync(0, Token);
        Assert.Equal(800, report.Events);
        Assert.Equal(bills.Count, report.Results);
        var failure = await Assert.ThrowsAsync<PartitionPlanException>(() => second.VerifyAsync(0, Token));
        Assert.Contains("UpgradeFrom", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Owner_OfTheNextVersionAfterADeath_NeedsTheQueryOfBefore(bool keepsCheckpoints)
    {
        var first = await BeginAsync(calls: 400, keepsCheckpoints);
        await first.DisposeAsync();
        await LeaveRecordsBehindAsync();
        var second = Version(2, Queries.BillsWithDearest, keepsCheckpoints);

        var failure = await FailAsync(second);
        Assert.Contains("UpgradeFrom", failure.Message, StringComparison.Ordinal);
        Assert.Contains("version 1", failure.Message, StringComparison.Ordinal);

        second = second.UpgradeFrom(Queries.Bills);
        await using var owner = second.NewOwner(0);
        owner.Start();
        await EndAsync(second, 400);
        await owner.StopAsync(Token);
        var bills = await ResultLog.ReadAsync(_logs, 0, Token);
        Assert.Equal(800, bills.Sum(bill => bill.Calls));
        Assert.Equal(bills.Count, (await second.VerifyAsync(0, Token)).Results);
    }

    [Fact]
    public async Task Standby_OfTheNextVersion_FollowsTheOneBefore_AndTakesItsPlace()
    {
        await using var first = await BeginAsync(calls: 400);
        var second = Version(2, Queries.BillsWithDearest).UpgradeFrom(Queries.Bills);
        await using var standby = second.NewStandby(0);
        standby.Start();
        await Until(() => standby.GetStatus() is { State: PartitionState.Standby } status
            && status.Results == first.GetStatus().Results);

        standby.TakeOver();
        await Until(() => standby.GetStatus().State == PartitionState.Owning);
        await EndAsync(second, 400);
        await Assert.ThrowsAsync<PartitionFencedException>(() => first.Completion.WaitAsync(Patience, Token));
        await standby.StopAsync(Token);
        Assert.Equal(800, (await ResultLog.ReadAsync(_logs, 0, Token)).Sum(bill => bill.Calls));
        Assert.Equal(2, (await second.VerifyAsync(0, Token)).Epochs);
    }

    [Fact]
    public async Task Standby_OfTheVersionBefore_EndsWhereTheNextOneTakesOver()
    {
        await using var first = await BeginAsync(calls: 100);
        var before = Version(1, Queries.Bills);
        await using var standby = before.NewStandby(0);
        standby.Start();
        await Until(() => standby.GetStatus().State == PartitionState.Standby);
        await using var owner = Version(2, Queries.BillsWithDearest).UpgradeFrom(Queries.Bills).NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus().State == PartitionState.Owning);

        var failure = await Assert.ThrowsAsync<PartitionPlanException>(
            () => standby.Completion.WaitAsync(Patience, Token));
        Assert.Contains("goes on with version 2", failure.Message, StringComparison.Ordinal);
        failure = await FailAsync(before);
        Assert.Contains("goes on with version 2", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    public async Task Owner_OfAnotherQueryWithoutAHigherVersion_IsRefused(int before, int next)
    {
        await StopAsync(await BeginAsync(calls: 100, version: before));
        var failure = await FailAsync(Version(next, Queries.BillsWithDearest));
        Assert.Contains("PartitionOptions.Version", failure.Message, StringComparison.Ordinal);
        failure = await FailAsync(Version(next, Queries.BillsWithDearest).UpgradeFrom(Queries.Bills));
        Assert.Contains("PartitionOptions.Version", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Owner_OfTheSameQueryWithALowerVersion_GoesOn()
    {
        await StopAsync(await BeginAsync(calls: 100, version: 3));
        var query = Version(1, Queries.Bills);
        await using var owner = query.NewOwner(0);
        owner.Start();
        await EndAsync(query, 100);
        await owner.StopAsync(Token);
        var failure = await FailAsync(Version(3, Queries.BillsWithDearest));
        Assert.Contains("goes on with version 3", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Owner_WindowsAreOthers_IsRefused(bool knowsBefore)
    {
        await StopAsync(await BeginAsync(calls: 100));
        var longer = StreamProcessorBuilder.For<Call>()
            .KeyBy(call => call.Tenant)
            .EventTime(call => call.Ticks)
            .Measure("cost", call => call.Cost)
            .TumblingWindows(TimeSpan.FromTicks(200))
            .Aggregate(a => a.Count("calls").Sum("cost"));
        var query = Version(2, longer);
        var failure = await FailAsync(knowsBefore ? query.UpgradeFrom(Queries.Bills) : query);
        Assert.Contains("cannot", failure.Message, StringComparison.Ordinal);
        var explained = await query.ExplainUpgradeAsync(0, Token);
        Assert.True(explained.Plan!.IsImpossible);
        Assert.NotNull(explained.WhyRefused);
    }

    [Fact]
    public async Task ExplainUpgradeAsync_EachCase_SaysWhatAnOwnerWouldDo()
    {
        var second = Version(2, Queries.BillsWithDearest);
        await second.CreateTopicsAsync(Token);
        Assert.True((await second.ExplainUpgradeAsync(0, Token)).IsNew);

        await StopAsync(await BeginAsync(calls: 400));
        var same = await Version(1, Queries.Bills).ExplainUpgradeAsync(0, Token);
        Assert.True(same.Plan!.IsSame);
        Assert.Null(same.WhyRefused);
        var next = await second.ExplainUpgradeAsync(0, Token);
        Assert.Equal((1, 0, null), (next.Version, (int)next.RecordsBehind, next.WhyRefused));
        Assert.Contains("metric 'bills/0/dearest': started empty", $"{next}", StringComparison.Ordinal);
        Assert.Contains("metric 'bills/0/calls': kept", $"{next}", StringComparison.Ordinal);
        var low = await Version(1, Queries.BillsWithDearest).ExplainUpgradeAsync(0, Token);
        Assert.Contains("PartitionOptions.Version", low.WhyRefused, StringComparison.Ordinal);
        Assert.StartsWith("can go on", $"{next}", StringComparison.Ordinal);
        Assert.StartsWith($"refused: {low.WhyRefused}", $"{low}", StringComparison.Ordinal);

        await LeaveRecordsBehindAsync();
        var behind = await second.ExplainUpgradeAsync(0, Token);
        Assert.True(behind.RecordsBehind > 0);
        Assert.Contains("UpgradeFrom", behind.WhyRefused, StringComparison.Ordinal);
        Assert.Null((await second.UpgradeFrom(Queries.Bills).ExplainUpgradeAsync(0, Token)).WhyRefused);
    }

    [Fact]
    public async Task Owners_OfThreeVersions_OneAfterTheOther_GiveOneHistory()
    {
        await StopAsync(await BeginAsync(calls: 300));
        var second = Version(2, Queries.BillsWithDearest);
        await using (var owner = second.NewOwner(0))
        {
            owner.Start();
            await WriteAsync(second, 300);
            await Until(() => owner.GetStatus() is { State: PartitionState.Owning, EventsHandled: 300 });
            await owner.StopAsync(Token);
        }

        // The one between is known, and the first one is not: the checkpoint is behind it.
        var third = Version(3, Queries.BillsWithoutCost).UpgradeFrom(Queries.BillsWithDearest);
        await using (var owner = third.NewOwner(0))
        {
            owner.Start();
            await EndAsync(third, 300);
            await owner.StopAsync(Token);
        }

        var report = await third.UpgradeFrom(Queries.Bills).VerifyAsync(0, Token);
        Assert.Equal(3, report.Epochs);
        Assert.Equal(900, (await ResultLog.ReadAsync(_logs, 0, Token)).Sum(bill => bill.Calls));
    }

    /// <summary>Results that are due by the next version at the moment when it takes over.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(350, true)]
    [InlineData(350, false)]
    public async Task Owner_ItsDelaysAreShorter_WhatIsDueComesBehindWhatWasThere(int calls, bool standsBy)
    {
        var before = EarlyAfter(TimeSpan.FromHours(10));
        var first = Version(1, before);
        var second = Version(2, EarlyAfter(TimeSpan.FromMilliseconds(1))).UpgradeFrom(before);
        await first.CreateTopicsAsync(Token);
        await using var next = standsBy ? second.NewStandby(0) : second.NewOwner(0);
        if (standsBy)
            next.Start();
        await using (var owner = first.NewOwner(0))
        {
            await WriteAsync(first, calls);
            owner.Start();
            await Until(() => owner.GetStatus() is { State: PartitionState.Owning } status
                && status.EventsHandled == calls);
            await owner.StopAsync(Token);
        }

        if (standsBy)
            next.TakeOver();
        else
            next.Start();
        await Until(() => next.GetStatus().State == PartitionState.Owning);
        await EndAsync(second, 0);
        await next.StopAsync(Token);
        Assert.Null(next.GetStatus().Failure);
        var bills = await ResultLog.ReadAsync(_logs, 0, Token);
        Assert.Equal(Enumerable.Range(1, bills.Count), bills.Select(bill => (int)bill.Number));
        Assert.Contains(bills, bill => bill.Timing == "early");
        Assert.Equal(bills.Count, (await second.VerifyAsync(0, Token)).Results);
    }

    /// <summary>The checkpoint is two versions back, and only the one between is known.</summary>
    [Fact]
    public async Task Owner_TheVersionOfTheCheckpointIsUnknown_GoesByTheOneThatTookOverThere()
    {
        await StopAsync(await BeginAsync(calls: 150));
        var second = Version(2, Queries.BillsWithDearest);
        await using (var store = new ReadOnlyCheckpointStore(_checkpoints))
        {
            var keepsNone = new PartitionedQuery<Call, string>(
                Queries.BillsWithDearest, Queries.Options(_logs, store) with { Version = 2 });
            await using var owner = keepsNone.NewOwner(0);
            owner.Start();
            await WriteAsync(second, 150);
            await Until(() => owner.GetStatus() is { State: PartitionState.Owning, EventsHandled: 150 });
        }

        var third = Version(3, Queries.BillsWithoutCost).UpgradeFrom(Queries.BillsWithDearest);
        Assert.Null((await third.ExplainUpgradeAsync(0, Token)).WhyRefused);
        await using (var owner = third.NewOwner(0))
        {
            owner.Start();
            await EndAsync(third, 150);
            await owner.StopAsync(Token);
        }

        Assert.Equal(450, (await third.UpgradeFrom(Queries.Bills).VerifyAsync(0, Token)).Events);
    }

    [Fact]
    public async Task Owner_WithAnotherName_HandlesWhatHadTheNameBefore()
    {
        var before = Queries.Bills.WithName("old");
        var first = Version(1, before);
        await first.CreateTopicsAsync(Token);
        await WriteAsync(first, 400);
        await using (var owner = first.NewOwner(0))
        {
            owner.Start();
            await Until(() => owner.GetStatus() is { State: PartitionState.Owning, Results: > 0 });
        }

        var second = Version(2, Queries.BillsWithDearest.WithName("new")).UpgradeFrom(before);
        await using var next = second.NewOwner(0);
        next.Start();
        await EndAsync(second, 100);
        await next.StopAsync(Token);
        Assert.Equal(500, (await second.VerifyAsync(0, Token)).Events);
    }

    [Fact]
    public void UpgradeFrom_OneThatIsNoQuery_IsRefused()
    {
        var query = Version(2, Queries.BillsWithDearest);
        Assert.Throws<ArgumentNullException>(() => query.UpgradeFrom([null!]));
        Assert.Throws<ArgumentException>(() => query.UpgradeFrom(Queries.Bills.DurableIn("state")));
    }

    private static BuildStep<Call, string> EarlyAfter(TimeSpan delay) => StreamProcessorBuilder.For<Call>()
        .KeyBy(call => call.Tenant)
        .EventTime(call => call.Ticks)
        .Measure("cost", call => call.Cost)
        .TumblingWindows(TimeSpan.FromTicks(100))
        .Early(null, delay)
        .Aggregate(a => a.Count("calls").Sum("cost"))
        .WithWatermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.Zero });

    private static double Costs(int calls) => Enumerable.Range(0, calls).Sum(at => at % 7);

    private PartitionedQuery<Call, string> Version(
        int version, BuildStep<Call, string> query, bool keepsCheckpoints = true) => new(
        query,
        Queries.Options(_logs, keepsCheckpoints ? _checkpoints : null) with { Version = version });

    /// <summary>An owner of the first query, which has handled so many calls.</summary>
    private async Task<PartitionOwner> BeginAsync(int calls, bool keepsCheckpoints = true, int version = 1)
    {
        var query = Version(version, Queries.Bills, keepsCheckpoints);
        await query.CreateTopicsAsync(Token);
        await WriteAsync(query, calls);
        var owner = query.NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus() is { State: PartitionState.Owning } status
            && status.EventsHandled == calls);
        return owner;
    }

    private static async Task StopAsync(PartitionOwner owner)
    {
        await owner.StopAsync(Token).WaitAsync(Patience, Token);
        await owner.DisposeAsync();
    }

    /// <summary>An owner of the first query that keeps no checkpoint: its records are behind the newest one.</summary>
    private async Task LeaveRecordsBehindAsync()
    {
        await using var owner = Version(1, Queries.Bills, keepsCheckpoints: false).NewOwner(0);
        owner.Start();
        await Until(() => owner.GetStatus().State == PartitionState.Owning);
    }

    private static async Task<PartitionPlanException> FailAsync(PartitionedQuery<Call, string> query)
    {
        await using var owner = query.NewOwner(0);
        owner.Start();
        var failure = await Assert.ThrowsAsync<PartitionPlanException>(
            () => owner.Completion.WaitAsync(Patience, Token));
        Assert.Equal(PartitionState.Failed, owner.GetStatus().State);
        return failure;
    }

    private async Task WriteAsync(PartitionedQuery<Call, string> query, int calls)
    {
        await using var writer = query.NewWriter(new() { MaxRecordBytes = 1024 });
        for (var rest = calls; rest > 0; rest--, _at++)
            await writer.WriteAsync(new Call($"tenant {_at % 9}", _at + (_at * 31 % 17), _at % 7), Token);
        await writer.FlushAsync(Token);
    }

    private async Task EndAsync(PartitionedQuery<Call, string> query, int calls)
    {
        await WriteAsync(query, calls);
        await using (var writer = query.NewWriter())
            await writer.CompleteAsync(Token);
        await ResultLog.WaitForEndAsync(_logs, 0, Token).WaitAsync(Patience, Token);
    }
}
