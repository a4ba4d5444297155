namespace DisruptorStream.Cli.Jobs.Queries;

/// <summary>Where a query writes.</summary>
/// <param name="Results">Its results; queries that share an output have the same stream.</param>
/// <param name="Late">The dropped events; null for nowhere.</param>
internal sealed record QueryStreams(Stream Results, Stream? Late);
