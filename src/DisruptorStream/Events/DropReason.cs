namespace DisruptorStream.Events;

/// <summary>Why an event entered no window. Every dropped event is counted under exactly one reason.</summary>
public enum DropReason : byte
{
    /// <summary>Not dropped.</summary>
    None = 0,

    /// <summary>
    /// Every window of the event had expired: the watermark had reached their end plus the allowed lateness.
    /// </summary>
    Late,

    /// <summary>A measure was NaN or infinite, and <see cref="NonFinitePolicy.RejectEvent"/> is in force.</summary>
    NotFinite,

    /// <summary>The timestamp lies further ahead of the clock than the future-skew limit allows.</summary>
    FutureSkew,

    /// <summary>The bounds of the event's window cannot be expressed as 64-bit ticks.</summary>
    TimestampOutOfRange,

    /// <summary>The key is new and the processor already holds as many keys as it may.</summary>
    KeyLimit,

    /// <summary>The key already holds as many windows as it may, and the overflow policy refuses new ones.</summary>
    WindowLimit,

    /// <summary>The event would open one more slice of time than the processor may hold.</summary>
    SliceLimit,

    /// <summary>The event came after the end of input.</summary>
    AfterEnd,

    /// <summary>
    /// The user's window assigner threw, or returned a window that is empty or does not hold the event; or the selector
    /// of the key's time zone threw, or returned none.
    /// </summary>
    AssignerFailed,

    /// <summary>The event of a stream has no key of the name that the query groups by.</summary>
    NoKey,

    /// <summary>
    /// The timestamp was far ahead of its source, which went on without it: <see cref="Watermarks.JumpGuardOptions"/>.
    /// </summary>
    TimestampJump,
}
