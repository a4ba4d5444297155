namespace DisruptorStream.Watermarks;

/// <summary>Whether a source counts when the watermarks of all sources are combined.</summary>
public enum SourceState : byte
{
    /// <summary>It counts: the combined watermark cannot pass this source's own.</summary>
    Active = 0,

    /// <summary>
    /// It has sent nothing for the idle timeout, or said so itself, and is left out until it sends again.
    /// </summary>
    Idle,

    /// <summary>
    /// It has ended and is left out for good. Once every source has, the combined watermark is the end of input.
    /// </summary>
    Completed,
}
