using NATS.Client.Core;

namespace DisruptorStream.Nats.Connections;

/// <summary>A message as a stream has it.</summary>
/// <param name="Subject">Where it was sent to.</param>
/// <param name="Sequence">Its number in the stream.</param>
/// <param name="Time">When the server got it.</param>
/// <param name="Body">Its bytes; they stay valid.</param>
/// <param name="Headers">Null for none.</param>
internal readonly record struct StreamMessage(
    string Subject, long Sequence, DateTimeOffset Time, ReadOnlyMemory<byte> Body, NatsHeaders? Headers)
{
    private const string OfServer = "Nats-";

    /// <summary>The headers of the writer, in their order.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Own(NatsHeaders? headers)
    {
        if (headers is null || headers.Count == 0)
            return [];
        var own = new List<KeyValuePair<string, string>>(headers.Count);
        foreach (var (name, value) in headers)
        {
            if (!name.StartsWith(OfServer, StringComparison.OrdinalIgnoreCase))
                own.Add(new(name, value.ToString()));
        }

        return own;
    }
}
