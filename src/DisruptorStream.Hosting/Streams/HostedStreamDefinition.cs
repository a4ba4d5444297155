using DisruptorStream.Building;
using DisruptorStream.Building.Streams;

namespace DisruptorStream.Hosting.Streams;

/// <summary>What the events of a stream are. Its queries come with <see cref="HostedStreamParts{TEvent}"/>.</summary>
/// <param name="Name">The stream's name among the host's processors.</param>
/// <param name="Events">From the events to measures and keys.</param>
internal sealed record HostedStreamDefinition<TEvent>(
    string Name, Func<IServiceProvider, TypedEventsStep<TEvent>, StreamEventsStep<TEvent>> Events);
