namespace DisruptorStream.Ingest.Fields;

/// <summary>
/// A type of events that says how they are read. Written by the source generator: <see cref="StreamEventAttribute"/>.
/// </summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IStreamEvent<TSelf>
    where TSelf : IStreamEvent<TSelf>
{
    /// <summary>Its time, measures and keys, and what reads them. Asked once for each processor.</summary>
    static abstract StreamEventFields<TSelf> DescribeFields();
}
