using System.Globalization;
using System.Text;
using DisruptorStream.Nats.Sources;
using DisruptorStream.Sources;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace DisruptorStream.Cluster.Tests.Nats.Sources;

/// <summary>A stream of a real server is read from any place, each event once.</summary>
public sealed class NatsSourceTests : IAsyncLifetime
{
    private readonly SharedNatsServer _server;
    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private NatsConnection _connection = null!;

    public NatsSourceTests(SharedNatsServer server) => _server = server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private NatsJSContext Streams => new(_connection);

    private NatsSourceOptions Options => new() { Url = _connection.Opts.Url, Follows = false };

    public async ValueTask InitializeAsync()
    {
        _connection = new NatsConnection(new NatsOpts { Url = await _server.UrlAsync() });
        await MakeAsync();
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(100)]
    public async Task Read_OpenedAgainAtEveryPlace_GivesTheRest(int batchEvents)
    {
        // 0 to 4 events each.
        for (var message = 0; message < 20; message++)
            await SendAsync(string.Join(' ', Enumerable.Repeat(message, message % 5)));
        var expected = Enumerable.Range(0, 20).SelectMany(message => Enumerable.Repeat((long)message, message % 5));
        var (all, places) = await ReadAsync(SourcePosition.Start, batchEvents);
        Assert.Equal(expected, all);

        foreach (var (place, given) in places)
            Assert.Equal(all.Skip(given), (await ReadAsync(place, batchEvents + 1)).Events);
    }

    [Fact]
    public async Task Read_OneSubject_LeavesOutTheOthers()
    {
        for (var message = 0; message < 30; message++)
            await SendAsync($"{message}", $"{_name}.{message % 3}");

        var (events, _) = await ReadAsync(SourcePosition.Start, 7, Options with { Subject = $"{_name}.1" });
        Assert.Equal(Enumerable.Range(0, 10).Select(number => (number * 3L) + 1), events);
        Assert.Empty((await ReadAsync(SourcePosition.Start, 7, Options with { Subject = $"{_name}.9" })).Events);
    }

    [Fact]
    public async Task Read_Follows_SeesWhatComesAndHowMuchIsLeft()
    {
        await SendAsync("1 2 3");
        await SendAsync("4");
        await SendAsync("5");
        var source = new NatsSource<long>(
            _name, Parse, Options with { Follows = true, PollInterval = TimeSpan.FromMilliseconds(50) });
        await using var reader = await source.OpenAsync(SourcePosition.Start, Token);
        var batch = new SourceBatch<long>(3);
        Assert.True(await reader.ReadAsync(batch, Token));
        Assert.Equal([1, 2, 3], batch.Events.ToArray());
        Assert.Equal(2, reader.Lag);
        batch = new SourceBatch<long>(3);
        while (batch.Count < 2)
            Assert.True(await reader.ReadAsync(batch, Token));
        Assert.Equal([4, 5], batch.Events.ToArray());
        Assert.Equal(0, reader.Lag);

        batch = new SourceBatch<long>(3);
        Assert.True(await reader.ReadAsync(batch, Token));
        Assert.Equal(0, batch.Count);
        await SendAsync("6");
        while (batch.Count < 1)
            Assert.True(await reader.ReadAsync(batch, Token));
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(10));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () =>
            {
                while (true)
                    await reader.ReadAsync(new SourceBatch<long>(1), cancelled.Token);
            });
    }

    [Fact]
    public async Task Read_MessageThatIsNone_IsRejectedAsAWhole()
    {
        await SendAsync("1 2");
        await SendAsync("3 nonsense");
        await SendAsync("4");

        var failure = await Assert.ThrowsAsync<SourceRecordException>(() => ReadAsync(SourcePosition.Start, 10));
        Assert.Contains($"The message 2 of the stream '{_name}' is no event", failure.Message);
        var source = new NatsSource<long>(_name, Parse, Options);
        await using var reader = await source.OpenAsync(SourcePosition.Start, Token);
        var batch = new SourceBatch<long>(10, BadRecordPolicy.Skip);
        await reader.ReadAsync(batch, Token);
        Assert.Equal([1, 2, 4], batch.Events.ToArray());
        Assert.Equal(1, batch.Rejected);
    }

    [Fact]
    public async Task Open_MessagesAreGone_SaysSoOrGoesOn()
    {
        for (var message = 0; message < 9; message++)
            await SendAsync($"{message}");
        var (_, places) = await ReadAsync(SourcePosition.Start, 1);
        await Streams.PurgeStreamAsync(_name, new StreamPurgeRequest { Seq = 6 }, Token);

        var gone = await Assert.ThrowsAsync<SourcePositionException>(() => ReadAsync(places[2].Place, 1));
        Assert.Contains("SkipsWhatIsGone", gone.Message);
        Assert.Equal(
            [5, 6, 7, 8], (await ReadAsync(places[2].Place, 1, Options with { SkipsWhatIsGone = true })).Events);
        Assert.Equal([5, 6, 7, 8], (await ReadAsync(places[4].Place, 1)).Events);
        Assert.Equal([5, 6, 7, 8], (await ReadAsync(SourcePosition.Start, 1)).Events);
    }

    [Fact]
    public async Task Open_AnotherStreamOrPosition_IsRefused()
    {
        await SendAsync("1");
        await SendAsync("2");
        var (_, places) = await ReadAsync(SourcePosition.Start, 1);
        await Streams.DeleteStreamAsync(_name, Token);
        await Assert.ThrowsAsync<InvalidOperationException>(() => ReadAsync(places[0].Place, 1));
        await MakeAsync();
        await SendAsync("3");
        await SendAsync("4");

        var anew = await Assert.ThrowsAsync<SourcePositionException>(() => ReadAsync(places[0].Place, 1));
        Assert.Contains("made anew", anew.Message);
        await Assert.ThrowsAsync<SourcePositionException>(() => ReadAsync(SourcePosition.FromInt64(7), 1));
        Assert.Equal([3, 4], (await ReadAsync(SourcePosition.Start, 1)).Events);
    }

    [Fact]
    public async Task Open_ServerIsAway_FailsInTime()
    {
        var source = new NatsSource<long>(
            "s", Parse, new() { Url = "nats://127.0.0.1:1", Timeout = TimeSpan.FromMilliseconds(300) });

        await Assert.ThrowsAsync<IOException>(async () => await source.OpenAsync(SourcePosition.Start, Token));
    }

    private static void Parse(in NatsMessage message, ICollection<long> events)
    {
        var text = Encoding.UTF8.GetString(message.Body.Span);
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            events.Add(long.Parse(part, CultureInfo.InvariantCulture));
    }

    private async Task MakeAsync() => await Streams.CreateStreamAsync(
        new StreamConfig(_name, [$"{_name}.>"]) { Storage = StreamConfigStorage.Memory }, Token);

    private async Task SendAsync(string text, string? subject = null) => (await Streams.PublishAsync(
        subject ?? $"{_name}.x", text, cancellationToken: Token)).EnsureSuccess();

    /// <summary>Reads to the end; gives also each place, and how many events were given up to it.</summary>
    private async Task<(List<long> Events, List<(SourcePosition Place, int Given)> Places)> ReadAsync(
        SourcePosition from, int batchEvents, NatsSourceOptions? options = null)
    {
        var (events, places) = (new List<long>(), new List<(SourcePosition Place, int Given)>());
        await using var reader = await new NatsSource<long>(_name, Parse, options ?? Options).OpenAsync(from, Token);
        for (var goesOn = true; goesOn;)
        {
            var batch = new SourceBatch<long>(batchEvents);
            goesOn = await reader.ReadAsync(batch, Token);
            events.AddRange(batch.Events.ToArray());
            places.Add((reader.Position, events.Count));
        }

        return (events, places);
    }
}
