using DisruptorStream.Durability;
using DisruptorStream.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DisruptorStream.Hosting.Tests.Health;

/// <summary>What degrades a durable processor, and what is no reason to.</summary>
public sealed class DurabilityHealthTests : IDisposable
{
    private static readonly DurabilityStats Well = new()
    {
        PublishedSequence = 9,
        WrittenSequence = 9,
        DurableSequence = 7,
        ShadowSequence = 7,
        SnapshotSequence = 3,
        SnapshotAge = TimeSpan.FromMinutes(5),
        JournalBytes = 4096,
        JournalFiles = 1,
        RecoveryTime = TimeSpan.Zero,
        IsSnapshotOverdue = false,
        JournalFailure = null,
        ShadowFailure = null,
        SnapshotFailure = null,
        SpareFailure = null,
    };

    private readonly string _directory = Directory.CreateTempSubdirectory("health-").FullName;

    [Fact]
    public void WarningsOf_NotDurableOrAllWell_HasNone()
    {
        Assert.Empty(DurabilityHealth.WarningsOf(null));
        Assert.Empty(DurabilityHealth.WarningsOf(Well));

        // The next attempt comes before anybody has to look.
        Assert.Empty(DurabilityHealth.WarningsOf(Well with { SnapshotFailure = "The disk is full." }));
    }

    [Fact]
    public void WarningsOf_SnapshotsOverdue_SaysHowOldAndWhy()
    {
        var warning = Assert.Single(DurabilityHealth.WarningsOf(
            Well with { IsSnapshotOverdue = true, SnapshotFailure = "The disk is full." }));

        Assert.Equal("the newest snapshot is 00:05:00 old, and events have come (The disk is full)", warning);
    }

    [Fact]
    public void WarningsOf_ShadowFailed_SaysThatAndNotThatSnapshotsAreOld()
    {
        var warning = Assert.Single(DurabilityHealth.WarningsOf(
            Well with { IsSnapshotOverdue = true, ShadowFailure = "The shadow failed: no." }));

        Assert.Equal("no more snapshots are taken (The shadow failed: no)", warning);
    }

    [Fact]
    public void WarningsOf_NoSpare_SaysWhy() => Assert.Equal(
        ["no file of the journal can be made ready (The disk is full)"],
        DurabilityHealth.WarningsOf(Well with { SpareFailure = "The disk is full." }));

    [Fact]
    public async Task Check_DurableProcessor_HasItsFigures()
    {
        using var probe = new HealthProbe(
            ExecutionMode.Inline, processor: options => options.Durability.Directory = _directory);
        await probe.StartAsync();
        probe.Publish(second: 1);
        await probe.Processor.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);

        var ready = await probe.ReadyAsync();

        Assert.Equal(HealthStatus.Healthy, ready.Status);
        Assert.Equal(0L, ready.Data["slotsNotSynced"]);
        Assert.True((long)ready.Data["journalBytes"] > 0);
        Assert.True((double)ready.Data["snapshotAgeSeconds"] >= 0);
        await probe.StopAsync();
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
