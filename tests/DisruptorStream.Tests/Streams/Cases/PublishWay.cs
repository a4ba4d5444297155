namespace DisruptorStream.Tests.Streams.Cases;

/// <summary>How events are given to a stream.</summary>
internal enum PublishWay
{
    /// <summary>One by one.</summary>
    Single,

    /// <summary>Several at a time.</summary>
    Span,

    /// <summary>One by one, again and again until there is room.</summary>
    TrySingle,

    /// <summary>Several at a time, the rest again until there is room.</summary>
    TrySpan,

    /// <summary>One by one, without holding a thread.</summary>
    AsyncSingle,

    /// <summary>Several at a time, without holding a thread.</summary>
    AsyncMemory,
}
