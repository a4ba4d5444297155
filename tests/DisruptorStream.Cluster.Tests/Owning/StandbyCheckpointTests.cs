using System.Text;
using DisruptorStream.Cluster.InMemory;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Tests.Testing;
using DisruptorStream.Cluster.Tests.Testing.Stores;
using static DisruptorStream.Cluster.Tests.Testing.Waiting;

namespace DisruptorStream.Cluster.Tests.Owning;

/// <summary>Who writes checkpoints, where there are standbys.</summary>
public sealed class StandbyCheckpointTests : IAsyncDisposable
{
    private const int Seconds = 150;

    private readonly InMemoryLogStore _logs = new();
    private readonly InMemoryCheckpointStore _shared = new();
    private readonly StepTime _time = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _logs.DisposeAsync();
        await _shared.DisposeAsync();
    }

    /// <summary>Whenever a standby begins to follow, it writes from the next offer on, and the owner no more.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(int.MaxValue)]
    public async Task Standby_ThatFollows_WritesInPlaceOfTheOwner(int startsAt)
    {
        var (ofOwner, ofStandby) = (new CountingCheckpointStore(_shared), new CountingCheckpointStore(_shared));
        var owning = Query(ofOwner);
        await owning.CreateTopicsAsync(Token);
        await using var input = await _logs.OpenAsync("calls", 0, Token);
        await using var owner = owning.NewOwner(0);
        await using var standby = Query(ofStandby).NewStandby(0);
        owner.Start();
        await Until(() => owner.GetStatus().State == PartitionState.Owning);
        for (var second = 0; second < Seconds; second++)
        {
            if (second == startsAt)
            {
                standby.Start();
                await Until(() => standby.GetStatus().State == PartitionState.Standby);
            }

            var body = Encoding.UTF8.GetBytes($$"""{"Tenant":"t","Ticks":{{second}},"Cost":1}""" + "\n");
            var at = await input.AppendAsync(new LogRecord(body, []), $"{second}", Token);
            _time.Move(TimeSpan.FromSeconds(1));
            await Until(() => owner.GetStatus() is { Inputs: [{ } one] } && one.Position == at);
            if (second < startsAt)
                continue;
            await Until(() => standby.GetStatus().Position >= owner.GetStatus().Position);

            // What was begun with the record is written before the next second.
            await Until(() => standby.GetStatus().CheckpointPosition is null || ofStandby.Tries == ofStandby.Writes);
        }

        // Every ten seconds.
        var told = $"owner {ofOwner.Writes}/{ofOwner.Tries}, standby {ofStandby.Writes}/{ofStandby.Tries}";
        if (startsAt < Seconds)
            Assert.True(ofOwner.Tries <= 2 && ofStandby.Writes is >= 10 and <= 16, told);
        else
            Assert.True(ofOwner.Writes is >= 10 and <= 16 && ofStandby.Tries == 0, told);
    }

    private PartitionedQuery<Call, string> Query(CountingCheckpointStore store) => new(
        Queries.Bills,
        Queries.Options(_logs, store) with
        {
            TimeProvider = _time,
            CheckpointInterval = TimeSpan.FromSeconds(10),
            ProgressInterval = TimeSpan.FromMilliseconds(100),
        });
}
