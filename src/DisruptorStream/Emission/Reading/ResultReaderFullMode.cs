namespace DisruptorStream.Emission.Reading;

/// <summary>What happens to results that come while the buffer of a reader is full.</summary>
public enum ResultReaderFullMode
{
    /// <summary>
    /// They wait, and so do the emitting thread and in the end the publishers; Inline, the next event is refused with a
    /// <see cref="ResultBufferFullException"/>. Nothing is lost.
    /// </summary>
    Wait = 0,

    /// <summary>
    /// The oldest results go, and <see cref="ResultReader{TKey}.Dropped"/> counts them. The reader holds nobody.
    /// </summary>
    DropOldest,
}
