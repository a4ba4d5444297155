using DisruptorStream.Hosting.Results;

namespace DisruptorStream.Hosting.Registration;

/// <summary>A processor or a stream as it was built for its host.</summary>
/// <param name="Processor">The processor or stream.</param>
/// <param name="Results">Its results, of each query.</param>
internal sealed record BuiltProcessor(EventProcessor Processor, IReadOnlyList<HostedResults> Results);
