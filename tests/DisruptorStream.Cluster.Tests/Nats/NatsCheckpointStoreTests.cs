using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Tests.Contracts;
using DisruptorStream.Nats.Checkpoints;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace DisruptorStream.Cluster.Tests.Nats;

/// <summary>Checkpoints at a real server keep the contract.</summary>
public sealed class NatsCheckpointStoreTests : CheckpointStoreContract
{
    private readonly SharedNatsServer _server;

    public NatsCheckpointStoreTests(SharedNatsServer server) => _server = server;

    [Fact]
    public async Task WriteAsync_ManyTimes_OldStatesAreDeleted()
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();
        var revision = 0L;
        for (var number = 0; number < 5; number++)
            revision = await store.WriteAsync(topic, 0, At(1, number, new byte[1_000_000]), revision, Token);

        // One message that names it, and four of the state.
        Assert.Equal(5, await CountAsync($"ds.checkpoints.{topic}.0.>"));
        await store.WriteAsync(topic, 0, At(1, 9, []), revision, Token);
        Assert.Equal(1, await CountAsync($"ds.checkpoints.{topic}.0.>"));
    }

    [Fact]
    public async Task WriteAsync_WriterEndedInTheMiddle_OldOneIsWholeAndTheRestIsDeletedLater()
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();
        var first = await store.WriteAsync(topic, 0, At(1, 1, new byte[600_000]), 0, Token);
        await using var connection = new NatsConnection(new NatsOpts { Url = await _server.UrlAsync() });
        var streams = new NatsJSContext(connection);
        await streams.PublishAsync(
            $"ds.checkpoints.{topic}.0.state.{Guid.NewGuid():N}.0", new byte[100_000], cancellationToken: Token);

        await EqualAsync(store, topic, 0, first, At(1, 1, new byte[600_000]));
        await store.WriteAsync(topic, 0, At(2, 2, new byte[10]), first, Token);
        Assert.Equal(2, await CountAsync($"ds.checkpoints.{topic}.0.>"));
    }

    [Fact]
    public async Task ReadAsync_Damaged_SaysSo_AndTheNextOneTakesItsPlace()
    {
        await using var store = await OpenStoreAsync();
        await using var connection = new NatsConnection(new NatsOpts { Url = await _server.UrlAsync() });
        var streams = new NatsJSContext(connection);
        var (lost, changed, headless) = (NewName(), NewName(), NewName());
        await store.WriteAsync(lost, 0, At(1, 1, new byte[600_000]), 0, Token);
        await streams.PurgeStreamAsync(
            "ds_checkpoints", new StreamPurgeRequest { Filter = $"ds.checkpoints.{lost}.0.state.*.1" }, Token);
        await store.WriteAsync(changed, 0, At(1, 1, new byte[300_000]), 0, Token);
        var subjects = (await streams.GetStreamAsync(
            "ds_checkpoints", new StreamInfoRequest { SubjectsFilter = $"ds.checkpoints.{changed}.0.state.>" }, Token))
            .Info.State.Subjects!.Keys;
        foreach (var subject in subjects)
        {
            var bytes = new byte[subject.EndsWith(".0", StringComparison.Ordinal) ? 1 << 18 : 300_000 - (1 << 18)];
            bytes[7] = 1;
            await streams.PublishAsync(subject, bytes, cancellationToken: Token);
        }

        await streams.PublishAsync($"ds.checkpoints.{headless}.0.head", "nonsense", cancellationToken: Token);

        foreach (var topic in (string[])[lost, changed, headless])
        {
            var damaged = await Assert.ThrowsAsync<DamagedCheckpointException>(
                async () => await store.ReadAsync(topic, 0, Token));
            if (topic == lost)
                Assert.Contains("2 of 3 messages", damaged.Message);
            var next = await store.WriteAsync(topic, 0, At(2, 2, [1]), damaged.Revision, Token);
            await EqualAsync(store, topic, 0, next, At(2, 2, [1]));
        }
    }

    [Fact]
    public async Task WriteAsync_BrokerIsKilledAgainAndAgain_NewestOrTheOneBeforeIsWhole()
    {
        await using var server = await NatsServer.StartAsync();
        await using var store = new NatsCheckpointStore(
            new NatsCheckpointOptions { Url = server.Url, Timeout = TimeSpan.FromSeconds(2) });
        using var bound = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var (position, revision) = (1L, 0L);
        for (var kill = 0; kill < 3; kill++)
        {
            var (crashing, goal) = (Task.CompletedTask, position + 6);
            while (position < goal)
            {
                if (position == goal - 4 && crashing.IsCompleted)
                    crashing = Task.Run(server.CrashAsync, Token);
                var state = new byte[800_000];
                Array.Fill(state, (byte)position);
                try
                {
                    revision = await store.WriteAsync("calls", 0, At(1, position, state), revision, bound.Token);
                    position++;
                }
                catch (Exception failure) when (failure is IOException or PartitionFencedException)
                {
                    // It may be there or not.
                    var there = await ReadAsync(store, bound.Token);
                    Assert.InRange(there?.Checkpoint.Position ?? 0, position - 1, position);
                    Assert.False(there is not null && there.Checkpoint.State.Span.ContainsAnyExcept(
                        (byte)there.Checkpoint.Position));
                    (position, revision) = ((there?.Checkpoint.Position ?? 0) + 1, there?.Revision ?? 0);
                }
            }

            await crashing;
        }

        Assert.True(position > 18);
    }

    protected override async ValueTask<ICheckpointStore> OpenStoreAsync() =>
        new NatsCheckpointStore(new NatsCheckpointOptions { Url = await _server.UrlAsync(), InMemory = true });

    private static async Task<StoredCheckpoint?> ReadAsync(NatsCheckpointStore store, CancellationToken token)
    {
        while (true)
        {
            try
            {
                return await store.ReadAsync("calls", 0, token);
            }
            catch (IOException)
            {
                await Task.Delay(20, token);
            }
        }
    }

    private async Task<long> CountAsync(string subjects)
    {
        await using var connection = new NatsConnection(new NatsOpts { Url = await _server.UrlAsync() });
        var stream = await new NatsJSContext(connection).GetStreamAsync(
            "ds_checkpoints", new StreamInfoRequest { SubjectsFilter = subjects }, Token);
        return stream.Info.State.Subjects?.Values.Sum(count => (long)count) ?? 0;
    }
}
