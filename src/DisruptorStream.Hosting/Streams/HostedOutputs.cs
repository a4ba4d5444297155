namespace DisruptorStream.Hosting.Streams;

/// <summary>Outputs of a query, without the type of its keys.</summary>
internal abstract class HostedOutputs
{
    /// <param name="query">The query's name.</param>
    /// <param name="keyType">The type of the keys that the outputs take.</param>
    protected HostedOutputs(string query, Type keyType) => (Query, KeyType) = (query, keyType);

    public string Query { get; }

    public Type KeyType { get; }
}
