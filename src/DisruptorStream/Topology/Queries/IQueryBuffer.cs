using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Pipeline.Lifecycle;

namespace DisruptorStream.Topology.Queries;

/// <summary>
/// The results of queries on their way to the host, as the life cycle and an Inline processor see them.
/// </summary>
internal interface IQueryBuffer : IResultBuffer, IInlineResults;
