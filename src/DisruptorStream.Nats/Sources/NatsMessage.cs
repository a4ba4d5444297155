namespace DisruptorStream.Nats.Sources;

/// <summary>A message of a stream, of which events are made.</summary>
/// <param name="Subject">Where it was sent to.</param>
/// <param name="Sequence">Its number in the stream; above 0.</param>
/// <param name="Time">When the server got it.</param>
/// <param name="Body">Its bytes; they stay valid.</param>
/// <param name="Headers">
/// Its headers in their order, without those that begin with "Nats-"; empty where there are none.
/// </param>
public readonly record struct NatsMessage(
    string Subject,
    long Sequence,
    DateTimeOffset Time,
    ReadOnlyMemory<byte> Body,
    IReadOnlyList<KeyValuePair<string, string>> Headers);
