namespace DisruptorStream.Ingest.Fields;

/// <summary>Is told the type of a key.</summary>
internal interface IMarkedKeyVisitor<TEvent>
{
    void Visit<TKey>(MarkedKey<TEvent, TKey> key)
        where TKey : notnull;
}
