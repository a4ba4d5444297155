namespace DisruptorStream.Sources;

/// <summary>What a source that a processor reads by itself is at.</summary>
public enum SourceReaderState
{
    /// <summary>The processor has not been started.</summary>
    Created,

    /// <summary>It is being opened.</summary>
    Opening,

    /// <summary>It is read, or waits for more.</summary>
    Reading,

    /// <summary>It has failed, and is tried again.</summary>
    Failing,

    /// <summary>It has no more to give, for good.</summary>
    Completed,

    /// <summary>It is not read any more, because the processor has ended.</summary>
    Stopped,
}
