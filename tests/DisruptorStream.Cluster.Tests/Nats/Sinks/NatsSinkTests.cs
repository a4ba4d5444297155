using DisruptorStream.Emission.Durable;
using DisruptorStream.Nats.Sinks;
using DisruptorStream.Sinks.Tests;
using NATS.Client.Core;
using NATS.Client.JetStream;

namespace DisruptorStream.Cluster.Tests.Nats.Sinks;

/// <summary>Results as messages of a real server.</summary>
public sealed class NatsSinkTests
{
    private readonly SharedNatsServer _server;
    private readonly string _name = $"s-{Guid.NewGuid():N}";

    public NatsSinkTests(SharedNatsServer server) => _server = server;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1 << 18)]
    [InlineData(1 << 10)]
    public async Task Contract_RealServer_IsKept(int messageBytes)
    {
        await using var contract = new NatsSinkContract(await _server.UrlAsync(), messageBytes);
        await contract.CheckAllAsync(Token);
    }

    [Fact]
    public async Task Write_DurableProcessor_HasEachResultInOrder()
    {
        var directory = Directory.CreateTempSubdirectory("nats-sink-").FullName;
        await RunAsync(new NatsSink<string>(_name, "calls.of." + _name, await CreatingAsync()), directory);

        await using var connection = new NatsConnection(new NatsOpts { Url = await _server.UrlAsync() });
        var messages = await NatsTools.MessagesAsync(connection, _name);
        Assert.Equal("owner", messages[0].Headers!["Kind"]);
        var results = messages.Skip(1).ToList();
        Assert.All(results, message => Assert.Equal("results", message.Headers!["Kind"]));
        Assert.Equal("1", results[0].Headers!["First"]);
        Assert.Matches("^[1-9][0-9]*$", results[0].Headers!["Epoch"].ToString());
        Assert.Equal(results[^1].Headers!["Last"], results[^1].Headers!["Number"]);
        var lines = results.SelectMany(NatsTools.LinesOf).ToList();
        Assert.Equal(
            "{\"query\":\"calls\",\"number\":1,\"key\":\"a\",\"window_start\":\"1970-01-01T00:00:00Z\","
            + "\"window_end\":\"1970-01-01T00:00:01Z\",\"pane\":0,\"timing\":\"on time\",\"is_last\":false,"
            + "\"rank\":null,\"remark\":null,\"calls\":1}",
            lines[0]);
        Assert.Equal(results[^1].Headers!["Last"], $"{lines.Count}");
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task Write_NoStream_SaysHowToMakeIt()
    {
        var options = new NatsSinkOptions { Url = await _server.UrlAsync() };
        var sink = new NatsSink<string>(_name, "calls." + _name, options);

        var missing = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await sink.OpenAsync(Owners.Of(1), Token));

        Assert.Contains($"nats stream add {_name} --subjects calls.{_name}", missing.Message);
        await sink.CompleteAsync(failure: null);
    }

    [Fact]
    public async Task Open_SubjectOfSomebodyElse_IsRefused()
    {
        var options = await CreatingAsync();
        await using var connection = new NatsConnection(new NatsOpts { Url = options.Url });
        var streams = new NatsJSContext(connection);
        await streams.CreateStreamAsync(new(_name, [_name]), Token);
        await streams.PublishAsync(_name, "hello", cancellationToken: Token);
        var sink = new NatsSink<string>(_name, _name, options);

        var refused = await Assert.ThrowsAsync<InvalidDataException>(
            async () => await sink.OpenAsync(Owners.Of(1), Token));

        Assert.Contains("somebody else writes to the subject", refused.Message);
        await sink.CompleteAsync(failure: null);
    }

    [Theory]
    [InlineData("", "a")]
    [InlineData("a.b", "a")]
    [InlineData("a", "")]
    [InlineData("a", "a..b")]
    [InlineData("a", "a.*")]
    [InlineData("a", "a b")]
    public void Names_ThatCannotBe_AreRefused(string stream, string subject) =>
        Assert.ThrowsAny<ArgumentException>(() => new NatsSink<string>(stream, subject));

    [Fact]
    public async Task Write_ServerIsAway_FailsInTime()
    {
        var sink = new NatsSink<string>(
            "s", "s", new NatsSinkOptions { Url = "nats://127.0.0.1:1", Timeout = TimeSpan.FromMilliseconds(300) });

        await Assert.ThrowsAnyAsync<StreamProcessorException>(() => RunAsync(sink, directory: null));
    }

    private static async Task RunAsync(IAsyncDurableSink<string> sink, string? directory)
    {
        var step = StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .AllowedLateness(TimeSpan.FromSeconds(10))
            .Aggregate(a => a.Count("calls"))
            .WithName("calls")
            .WithOptions(new StreamProcessorOptions { FutureSkewLimit = null })
            .To(sink);
        await using var processor = (directory is null ? step : step.DurableIn(directory)).Build();
        processor.Start();
        processor.Publish("a", 0, 1);
        processor.Publish("b", 1, 2);
        processor.Publish("a", TimeSpan.TicksPerSecond, 4);
        processor.Publish("a", 5, 3);
        await processor.StopAsync(StopMode.Complete, Token);
    }

    private async Task<NatsSinkOptions> CreatingAsync() =>
        new() { Url = await _server.UrlAsync(), CreateStream = true, InMemory = true };
}
