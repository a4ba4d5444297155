using DisruptorStream.Cluster.Logs;
using DisruptorStream.Cluster.Tests.Contracts;
using DisruptorStream.Nats.Logs;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace DisruptorStream.Cluster.Tests.Nats;

/// <summary>Topics of a real server keep the contract.</summary>
public sealed class NatsLogStoreTests : LogTopicsContract
{
    private readonly SharedNatsServer _server;

    public NatsLogStoreTests(SharedNatsServer server) => _server = server;

    [Fact]
    public async Task CreateTopicAsync_Options_AreThoseOfTheStreams()
    {
        var options = new NatsLogOptions
        {
            Url = await _server.UrlAsync(),
            Prefix = "my-app",
            MaxAge = TimeSpan.FromHours(3),
            MaxBytes = 1 << 20,
            DuplicateWindow = TimeSpan.FromMinutes(7),
        };
        var topic = NewName();
        await using var store = new NatsLogStore(options);
        await store.CreateTopicAsync(topic, 2, Token);

        await using var connection = new NatsConnection(new NatsOpts { Url = options.Url });
        var streams = new NatsJSContext(connection);
        var config = (await streams.GetStreamAsync($"my-app_{topic}_1", cancellationToken: Token)).Info.Config;
        Assert.Equal([$"my-app.logs.{topic}.1"], config.Subjects!);
        Assert.Equal(
            (TimeSpan.FromHours(3), 1L << 20, TimeSpan.FromMinutes(7), false),
            (config.MaxAge, config.MaxBytes, config.DuplicateWindow, config.AllowDirect));

        // Another age later leaves the streams as they are.
        await using var other = new NatsLogStore(options with { MaxAge = TimeSpan.FromHours(4) });
        await other.CreateTopicAsync(topic, 2, Token);
        Assert.Null(await (await other.OpenAsync(topic, 1, Token)).ReadLastAsync(Token));
    }

    [Fact]
    public async Task Options_ThatCannotBe_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new NatsLogOptions { Replicas = 2 });
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new NatsLogOptions { DuplicateWindow = TimeSpan.FromMinutes(1) });
        Assert.Throws<ArgumentException>(() => new NatsLogOptions { Prefix = "a_b" });
        Assert.Throws<ArgumentException>(() => new NatsLogOptions { Url = " " });
        Assert.Contains("DuplicateWindow", Assert.Throws<ArgumentException>(
            () => new NatsLogStore(new NatsLogOptions { MaxAge = TimeSpan.FromMinutes(1) })).Message);

        // A server alone has no replicas.
        await using var store = new NatsLogStore(
            new NatsLogOptions { Url = await _server.UrlAsync(), Prefix = "r3", Replicas = 3 });
        var failed = await Assert.ThrowsAsync<IOException>(
            async () => await store.CreateTopicAsync(NewName(), 1, Token));
        Assert.Contains("Making the stream 'r3_topics' failed at the NATS server", failed.Message);
        Assert.Contains("replicas", failed.Message);
    }

    [Fact]
    public async Task Calls_NoServerOrDisposed_AreRefusedInTime()
    {
        await using var away = new NatsLogStore(
            new NatsLogOptions { Url = "nats://user:secret@127.0.0.1:1", Timeout = TimeSpan.FromMilliseconds(300) });
        var failed = await Assert.ThrowsAsync<IOException>(async () => await away.CountPartitionsAsync("calls", Token));
        Assert.Contains("127.0.0.1:1", failed.Message);
        Assert.DoesNotContain("secret", failed.Message);

        var store = await OpenStoreAsync();
        var topic = NewName();
        await store.CreateTopicAsync(topic, 1, Token);
        var log = await store.OpenAsync(topic, 0, Token);
        await store.DisposeAsync();
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.OpenAsync(topic, 0, Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await log.ReadLastAsync(Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await log.AppendAsync(new LogRecord(default, []), 0, Token));
        await Assert.ThrowsAsync<ObjectDisposedException>(
            async () => await log.ReadAsync(0, follow: true, Token).GetAsyncEnumerator(Token).MoveNextAsync());
    }

    [Fact]
    public async Task CreateTopicAsync_MakerEndedInTheMiddle_NextOneGoesOn()
    {
        await using var store = await OpenStoreAsync();
        var topic = NewName();
        await using var connection = new NatsConnection(new NatsOpts { Url = await _server.UrlAsync() });
        await store.CreateTopicAsync(NewName(), 1, Token);
        await new NatsJSContext(connection).PublishAsync(
            $"ds.topics.{topic}", "making 3", cancellationToken: Token);

        Assert.Equal(3, await store.CountPartitionsAsync(topic, Token));
        Assert.Null(await (await store.OpenAsync(topic, 2, Token)).ReadLastAsync(Token));
        await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await store.CreateTopicAsync(topic, 2, Token));
        await store.CreateTopicAsync(topic, 3, Token);
        Assert.Null(await (await store.OpenAsync(topic, 1, Token)).ReadLastAsync(Token));
    }

    protected override async ValueTask<IPartitionLogStore> OpenStoreAsync() =>
        new NatsLogStore(new NatsLogOptions { Url = await _server.UrlAsync(), InMemory = true });
}
