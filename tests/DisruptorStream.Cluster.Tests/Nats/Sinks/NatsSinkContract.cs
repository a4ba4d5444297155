using System.Text.Json;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Nats.Sinks;
using DisruptorStream.Testing.Contracts;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace DisruptorStream.Cluster.Tests.Nats.Sinks;

/// <summary>The contract of durable sinks, for a stream of a server.</summary>
internal sealed class NatsSinkContract : DurableSinkContract<string>, IAsyncDisposable
{
    private readonly string _name = $"s-{Guid.NewGuid():N}";
    private readonly string _url;
    private readonly int _messageBytes;
    private readonly NatsConnection _connection;

    public NatsSinkContract(string url, int messageBytes)
    {
        _url = url;
        _messageBytes = messageBytes;
        _connection = new NatsConnection(new NatsOpts { Url = url });
    }

    private NatsJSContext Streams => new(_connection);

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    protected override IDurableStore NewSink(Action<string> onStep) => new NatsSink<string>(
        _name,
        $"{_name}.results",
        new NatsSinkOptions { Url = _url, CreateStream = true, InMemory = true, MessageBytes = _messageBytes })
    {
        OnStep = onStep,
    };

    // Lines are longer than 400 bytes: so a write is several of the smallest messages.
    protected override string KeyOf(int index) => $"key '{index}'".PadRight(400, 'x');

    protected override async ValueTask ResetAsync()
    {
        try
        {
            await Streams.DeleteStreamAsync(_name);
        }
        catch (NatsJSApiException)
        {
            // There is none yet.
        }
    }

    protected override async ValueTask<IReadOnlyList<long>> ReadNumbersAsync()
    {
        var numbers = new List<long>();
        foreach (var message in await NatsTools.MessagesAsync(_connection, _name))
        {
            foreach (var line in NatsTools.LinesOf(message))
                numbers.Add(JsonDocument.Parse(line).RootElement.GetProperty("number").GetInt64());
        }

        return numbers;
    }

    protected override async ValueTask<Func<ValueTask>> CopyAsync()
    {
        var messages = await NatsTools.MessagesAsync(_connection, _name);
        return async () =>
        {
            await Streams.PurgeStreamAsync(_name, new StreamPurgeRequest());
            foreach (var message in messages)
            {
                message.Headers!.Remove("Nats-Expected-Last-Subject-Sequence");
                await Streams.PublishAsync(message.Subject, message.Data, headers: message.Headers);
            }
        };
    }

    protected override async ValueTask LoseAsync() => await Streams.PurgeStreamAsync(_name, new StreamPurgeRequest());

    protected override ValueTask AbandonAsync(IDurableStore sink) =>
        ((NatsSink<string>)sink).CompleteAsync(failure: null);
}
