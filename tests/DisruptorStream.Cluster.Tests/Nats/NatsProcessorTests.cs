using System.Globalization;
using System.Text;
using System.Text.Json;
using DisruptorStream.Emission;
using DisruptorStream.Nats.Sinks;
using DisruptorStream.Nats.Sources;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace DisruptorStream.Cluster.Tests.Nats;

/// <summary>From a stream to a stream, while processor and broker end in between: each event counts once.</summary>
public sealed class NatsProcessorTests
{
    private const int Events = 20_000;
    private const int EventsPerMessage = 50;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SourceAndSink_ProcessorAndBrokerEndInBetween_EachEventCountsOnce()
    {
        await using var server = await NatsServer.StartAsync();
        await using var connection = new NatsConnection(new NatsOpts { Url = server.Url });
        var streams = new NatsJSContext(connection);
        await streams.CreateStreamAsync(new StreamConfig("calls", ["calls"]), Token);
        await SendAsync(streams);
        var directory = Directory.CreateTempSubdirectory("nats-processor-").FullName;

        for (var run = 1; run <= 4; run++)
        {
            await using var processor = NewProcessor(server.Url, directory);
            processor.Start();
            var goal = Events / 5 * run;
            await UntilAsync(() => processor.GetStats().EventsProcessed >= goal);
            if (run % 2 == 0)
                await server.CrashAsync();
            await processor.StopAsync(StopMode.Abort, Token);
        }

        await using (var last = NewProcessor(server.Url, directory))
        {
            last.Start();
            await UntilAsync(() => last.GetStats().Readers[0].Lag == 0);
            await server.CrashAsync();
            await last.StopAsync(StopMode.Complete, Token);
        }

        var lines = (await NatsTools.MessagesAsync(connection, "minutes")).SelectMany(NatsTools.LinesOf)
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(line => line.GetProperty("number").GetInt32()));
        Assert.Equal(Events, lines.Sum(line => line.GetProperty("calls").GetInt32()));
        Assert.Equal(
            (long)Events * (Events - 1) / 2, lines.Sum(line => (long)line.GetProperty("sum").GetDouble()));
        Directory.Delete(directory, recursive: true);
    }

    private static StreamProcessor<long, long> NewProcessor(string url, string directory) =>
        StreamProcessorBuilder.For<long>()
            .KeyBy(number => number % 7)
            .EventTime(number => number * TimeSpan.TicksPerMillisecond)
            .Measure("number", number => number)
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Count("calls").Sum("sum", "number"))
            .WithName("calls")
            .WithOptions(new StreamProcessorOptions { FutureSkewLimit = null })
            .ReadFrom("calls", new NatsSource<long>(
                "calls", Parse, new NatsSourceOptions { Url = url, Timeout = TimeSpan.FromSeconds(2) }))
            .To(
                new NatsSink<long>(
                    "minutes",
                    "minutes",
                    new NatsSinkOptions { Url = url, CreateStream = true, Timeout = TimeSpan.FromSeconds(2) }),
                new AsyncSinkOptions
                {
                    BatchSize = 20,
                    FailurePolicy = SinkFailurePolicy.Retry(attempts: 100, delay: TimeSpan.FromMilliseconds(50)),
                })
            .DurableIn(directory)
            .Build();

    private static void Parse(in NatsMessage message, ICollection<long> events)
    {
        foreach (var line in Encoding.UTF8.GetString(message.Body.Span).Split('\n'))
            events.Add(long.Parse(line, CultureInfo.InvariantCulture));
    }

    private static async Task SendAsync(NatsJSContext streams)
    {
        for (var first = 0; first < Events; first += EventsPerMessage)
        {
            var lines = string.Join('\n', Enumerable.Range(first, EventsPerMessage));
            (await streams.PublishAsync("calls", lines, cancellationToken: Token)).EnsureSuccess();
        }
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(Token);
        bound.CancelAfter(TimeSpan.FromMinutes(1));
        while (!isSo())
            await Task.Delay(5, bound.Token);
    }
}
