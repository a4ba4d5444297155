namespace DisruptorStream.Hosting.Streams;

/// <summary>Outputs of a query, without the type of its keys.</summary>
/// <param name="query">The query's name.</param>
/// <param name="keyType">The type of the keys that the outputs take.</param>
internal abstract class HostedOutputs(string query, Type keyType)
{
    public string Query { get; } = query;

    public Type KeyType { get; } = keyType;
}
