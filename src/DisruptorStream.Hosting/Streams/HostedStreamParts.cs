using DisruptorStream.Building.Streams;

namespace DisruptorStream.Hosting.Streams;

/// <summary>What one registration adds to a stream: queries, outputs of queries, settings.</summary>
internal sealed class HostedStreamParts<TEvent>
{
    public List<HostedQuery<TEvent>> Queries { get; } = [];

    /// <summary>The outputs of queries, which another registration may have added.</summary>
    public List<HostedOutputs> Outputs { get; } = [];

    /// <summary>Change the last step: watermarks, clock and the like.</summary>
    public List<Func<StreamStep<TEvent>, StreamStep<TEvent>>> Changes { get; } = [];
}
