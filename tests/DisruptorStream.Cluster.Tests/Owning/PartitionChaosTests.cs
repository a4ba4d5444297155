using CsCheck;
using DisruptorStream.Building;
using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.Cluster.Tests.Testing.Stores;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using static DisruptorStream.Cluster.Tests.Testing.Waiting;

namespace DisruptorStream.Cluster.Tests.Owning;

/// <summary>
/// Owners that begin, end, are replaced and run twice, on logs and stores that fail: the results are those of one
/// process, each is there once, and their sums are those of the input.
/// </summary>
public sealed class PartitionChaosTests
{
    private const int Events = 400;

    /// <summary>Four, or as many as the environment says.</summary>
    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("DISRUPTORSTREAM_OWNER_ROUNDS"), out var rounds) ? rounds : 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Results that go by the clock: by idle sources, by delays, by sessions that close.</summary>
    private static BuildStep<Call, string> ByTheClock { get; } = StreamProcessorBuilder.For<Call>()
        .KeyBy(call => call.Tenant)
        .EventTime(call => call.Ticks)
        .Measure("cost", call => call.Cost)
        .TumblingWindows(TimeSpan.FromTicks(100))
        .AllowedLateness(TimeSpan.FromTicks(50))
        .Early(3, TimeSpan.FromMilliseconds(2))
        .Accumulation(AccumulationMode.Accumulating)
        .Aggregate(a => a.Count("calls").Sum("cost"))
        .WithWatermarks(new WatermarkOptions
        {
            MaxOutOfOrderness = TimeSpan.FromTicks(20),
            IdleTimeout = TimeSpan.FromMilliseconds(3),
            AdvanceWhenQuiet = TimeSpan.FromMilliseconds(4),
        });

    [Fact]
    public Task Owners_EndAtOddMoments_GiveOneHistory() => Gen.Int[0, int.MaxValue].SampleAsync(
        seed => RunAsync(seed, addsUp: true, Queries.Bills), iter: Rounds, threads: 2);

    /// <summary>Silos of several versions at once, while they are replaced.</summary>
    [Fact]
    public Task Owners_OfSeveralVersions_GiveOneHistory() => Gen.Int[0, int.MaxValue].SampleAsync(
        seed => RunAsync(seed, addsUp: true, Queries.Bills, Queries.BillsWithDearest, Queries.BillsWithoutCost),
        iter: Rounds,
        threads: 2);

    [Fact]
    public Task Owners_ResultsByTheClock_GiveOneHistory() => Gen.Int[0, int.MaxValue].SampleAsync(
        seed => RunAsync(seed, addsUp: false, ByTheClock), iter: Rounds, threads: 2);

    private static async Task RunAsync(int seed, bool addsUp, params BuildStep<Call, string>[] queries)
    {
        var random = new Random(seed);
        await using var logs = new InMemoryLogStore();
        await using var checkpoints = new InMemoryCheckpointStore();
        await using var faulty = new FaultyLogStore(logs, seed, random.NextDouble() * 0.3);
        await using var faultyCheckpoints = new FaultyCheckpointStore(checkpoints, seed);
        var options = Queries.Options(faulty, faultyCheckpoints) with { DroppedTopic = DropLog.Topic };
        var versions = Array.ConvertAll(queries, query => VersionOf(query, queries, options));
        await versions[^1].CreateTopicsAsync(Token);
        var writing = WriteAsync(versions[^1], random.Next());
        var owners = new List<PartitionOwner>();
        for (var step = 0; step < 12; step++)
        {
            await StepAsync(versions[random.Next(versions.Length)], owners, random);
            await Task.Delay(random.Next(8), Token);
        }

        await writing.WaitAsync(Patience, Token);
        await EndAsync(versions[^1], logs).WaitAsync(Patience, Token);
        foreach (var owner in owners)
            await owner.DisposeAsync().AsTask().WaitAsync(Patience, Token);

        var calm = VersionOf(queries[^1], queries, Queries.Options(logs));
        var report = await calm.VerifyAsync(0, Token);
        var bills = await ResultLog.ReadAsync(logs, 0, Token);
        Assert.Equal(report.Results, bills.Count);
        Assert.Equal(Enumerable.Range(1, bills.Count), bills.Select(bill => (int)bill.Number));
        Assert.Equal(Events, report.Events);
        if (addsUp)
            Assert.Equal(Events - report.EventsDropped, bills.Sum(bill => bill.Calls));

        // Each event that is in no result is there, and no other one.
        var drops = await DropLog.ReadAsync(logs, Token);
        Assert.Equal(drops.Count, drops.DistinctBy(drop => (drop.Input, drop.Position, drop.Index)).Count());
        Assert.Equal(report.EventsDropped, drops.Count);
    }

    private static PartitionedQuery<Call, string> VersionOf(
        BuildStep<Call, string> query, BuildStep<Call, string>[] queries, PartitionOptions<Call> options)
    {
        var version = Array.IndexOf(queries, query) + 1;
        return new PartitionedQuery<Call, string>(query, options with { Version = version })
            .UpgradeFrom(queries.AsSpan(0, version - 1));
    }

    private static async Task StepAsync(
        PartitionedQuery<Call, string> query, List<PartitionOwner> owners, Random random)
    {
        var one = owners.Count == 0 ? null : owners[random.Next(owners.Count)];
        switch (random.Next(6))
        {
            case 0 when one is not null:
                await one.DisposeAsync().AsTask().WaitAsync(Patience, Token);
                break;
            case 1 when one is not null:
                await one.StopAsync(Token).WaitAsync(Patience, Token);
                break;
            case 2:
                owners.Add(query.NewStandby(0));
                owners[^1].Start();
                break;
            case 3:
                one?.TakeOver();
                break;
            default:
                owners.Add(query.NewOwner(0));
                owners[^1].Start();
                break;
        }
    }

    private static async Task WriteAsync(PartitionedQuery<Call, string> query, int seed)
    {
        var random = new Random(seed);
        await using var writer = query.NewWriter(new() { MaxRecordBytes = 1024, MaxDelay = TimeSpan.Zero });
        for (var at = 0; at < Events; at++)
        {
            // Some come too late.
            var ticks = at + random.Next(20) - (random.Next(15) == 0 ? 300 : 0);
            await writer.WriteAsync(new Call($"tenant {random.Next(9)}", ticks, random.Next(7)), Token);
            if (random.Next(20) == 0)
                await Task.Delay(1, Token);
        }

        await writer.CompleteAsync(Token);
    }

    /// <summary>Owners go on until the last result is there.</summary>
    private static async Task EndAsync(PartitionedQuery<Call, string> query, InMemoryLogStore logs)
    {
        var end = ResultLog.WaitForEndAsync(logs, 0, Token);
        for (var tries = 0; tries < 100; tries++)
        {
            await using var owner = query.NewOwner(0);
            owner.Start();
            await Task.WhenAny(end, owner.Completion, Task.Delay(TimeSpan.FromSeconds(10), Token));
            Assert.True(
                end.IsCompleted || owner.GetStatus().State == PartitionState.Fenced,
                $"It did not end: {owner.GetStatus()}");
            if (!end.IsCompleted)
                continue;

            // One that owns appends what the one before has left, which may have ended right behind its last record.
            await Until(() => owner.GetStatus() is { State: >= PartitionState.Owning });
            await owner.StopAsync(Token);
            if (owner.GetStatus().State == PartitionState.Stopped)
                return;
        }

        Assert.Fail("All owners were fenced.");
    }
}
