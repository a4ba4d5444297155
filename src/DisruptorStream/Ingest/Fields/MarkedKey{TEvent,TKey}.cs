namespace DisruptorStream.Ingest.Fields;

/// <summary>A key of events, and what reads it.</summary>
internal sealed class MarkedKey<TEvent, TKey> : MarkedKey<TEvent>
    where TKey : notnull
{
    public MarkedKey(string name, FieldReader<TEvent, TKey> reader)
        : base(name) => Reader = reader;

    public FieldReader<TEvent, TKey> Reader { get; }

    public override Type Type => typeof(TKey);

    public override void Accept(IMarkedKeyVisitor<TEvent> visitor) => visitor.Visit(this);
}
