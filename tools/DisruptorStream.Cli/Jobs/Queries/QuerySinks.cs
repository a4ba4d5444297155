using DisruptorStream.Emission;

namespace DisruptorStream.Cli.Jobs.Queries;

/// <summary>What gets the results of a query.</summary>
/// <param name="Results">The results.</param>
/// <param name="Dropped">The dropped events; null for nothing.</param>
internal sealed record QuerySinks(IResultSink<string> Results, IDroppedEventSink<string>? Dropped);
