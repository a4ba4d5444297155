using System.Text;
using NATS.Client.Core;
using NATS.Client.JetStream;
using NATS.Client.JetStream.Models;

namespace DisruptorStream.Cluster.Tests.Nats;

/// <summary>What an operator does to a server.</summary>
internal static class NatsTools
{
    public static async Task DeleteConsumersAsync(string url, string stream, CancellationToken token)
    {
        await using var connection = new NatsConnection(new NatsOpts { Url = url });
        var streams = new NatsJSContext(connection);
        await foreach (var name in streams.ListConsumerNamesAsync(stream, token))
            await streams.DeleteConsumerAsync(stream, name, token);
    }

    /// <summary>All messages of a stream, by a client that knows nothing of this project.</summary>
    public static async Task<List<NatsJSMsg<byte[]>>> MessagesAsync(NatsConnection connection, string stream)
    {
        var streams = new NatsJSContext(connection);
        var info = (await streams.GetStreamAsync(stream)).Info;
        var messages = new List<NatsJSMsg<byte[]>>();
        if (info.State.Messages == 0)
            return messages;
        var consumer = await streams.CreateOrUpdateConsumerAsync(
            stream, new ConsumerConfig { AckPolicy = ConsumerConfigAckPolicy.None });
        await foreach (var message in consumer.FetchAsync<byte[]>(
            new NatsJSFetchOpts { MaxMsgs = (int)info.State.Messages }))
        {
            messages.Add((NatsJSMsg<byte[]>)message);
        }

        Assert.Equal((int)info.State.Messages, messages.Count);
        return messages;
    }

    public static string[] LinesOf(NatsJSMsg<byte[]> message) =>
        Encoding.UTF8.GetString(message.Data ?? []).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
