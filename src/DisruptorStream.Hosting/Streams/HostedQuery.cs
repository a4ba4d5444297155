using DisruptorStream.Building.Streams;
using DisruptorStream.Hosting.Results;
using DisruptorStream.Streams;

namespace DisruptorStream.Hosting.Streams;

/// <summary>A query of a stream, without the type of its keys.</summary>
internal abstract class HostedQuery<TEvent>
{
    /// <param name="name">Its name.</param>
    /// <param name="keyType">The type of its keys.</param>
    protected HostedQuery(string name, Type keyType) => (Name, KeyType) = (name, keyType);

    public string Name { get; }

    public Type KeyType { get; }

    /// <summary>Adds it to a stream.</summary>
    /// <param name="stream">The stream's name.</param>
    /// <param name="events">The stream without queries.</param>
    /// <param name="before">The stream with the queries before it; null for none.</param>
    /// <param name="outputs">Its outputs, whose keys are of its type.</param>
    /// <param name="services">The host's.</param>
    public abstract StreamStep<TEvent> AddTo(
        string stream,
        StreamEventsStep<TEvent> events,
        StreamStep<TEvent>? before,
        IReadOnlyList<HostedOutputs> outputs,
        IServiceProvider services);

    /// <summary>Its results, and who reads them.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="outputs">Its outputs.</param>
    /// <param name="services">The host's.</param>
    /// <exception cref="InvalidOperationException">It has two readers.</exception>
    public abstract HostedResults ResultsOf(
        EventStream<TEvent> stream, IReadOnlyList<HostedOutputs> outputs, IServiceProvider services);
}
