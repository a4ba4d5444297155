namespace DisruptorStream.Rings;

/// <summary>What a <see cref="BatchProcessor"/> does after a batch.</summary>
internal enum BatchOutcome
{
    Continue,

    /// <summary>The batch held the end: the sequence advances over it, then the thread ends.</summary>
    Stop,
}
