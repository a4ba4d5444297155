namespace DisruptorStream.Ingest.Fields;

/// <summary>A key of events, without the type of it.</summary>
internal abstract class MarkedKey<TEvent>
{
    private protected MarkedKey(string name) => Name = name;

    public string Name { get; }

    public abstract Type Type { get; }

    /// <summary>Calls the visitor with the type of the key.</summary>
    public abstract void Accept(IMarkedKeyVisitor<TEvent> visitor);
}
