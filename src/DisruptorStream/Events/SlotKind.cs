namespace DisruptorStream.Events;

/// <summary>
/// What a slot of the ring carries. Everything that can change a result is a slot of the one sequence.
/// </summary>
internal enum SlotKind : byte
{
    /// <summary>An event: timestamp, key and measures.</summary>
    Event = 0,

    /// <summary>Nothing: a claim that was given up, or the unused rest of one.</summary>
    Void,

    /// <summary>An event that publish refused; <see cref="EventSlot.Reason"/> says why. Moves no watermark.</summary>
    Refused,

    /// <summary>
    /// The clock: <see cref="EventSlot.TimestampTicks"/> is the time of day, <see cref="EventSlot.Measure"/> the steady
    /// time, and <see cref="EventSlot.QuietStepTicks"/> how far the quiet clock has come since the tick before.
    /// </summary>
    Tick,

    /// <summary>An explicit watermark of the slot's source.</summary>
    SourceWatermark,

    /// <summary>The slot's source joins; it holds the watermark back until it has sent something.</summary>
    SourceRegistered,

    /// <summary>The slot's source is idle and holds nothing back.</summary>
    SourceIdle,

    /// <summary>The slot's source is active again.</summary>
    SourceActive,

    /// <summary>The slot's source has ended for good.</summary>
    SourceCompleted,

    /// <summary>The slot's source is taken out of the set, as if it had never been.</summary>
    SourceRemoved,

    /// <summary>A key that was marked idle may be given up now; <see cref="EventSlot.KeyId"/> names it.</summary>
    KeyRetiring,

    /// <summary>Nothing more comes: every window fires.</summary>
    EndOfInput,

    /// <summary>
    /// A mark that a caller waits for: all slots before it have been handled and their results delivered.
    /// </summary>
    Flush,

    /// <summary>The stages stop after this slot.</summary>
    Stop,

    /// <summary>The state is saved when every stage has handled this slot, before any handles the next one.</summary>
    Save,

    /// <summary>
    /// An event without one of its keys, or with a measure that is no number: the queries that read that refuse it. It
    /// moves the watermark.
    /// </summary>
    Partial,

    /// <summary>
    /// An event that a filter took out: it moves the watermark as one that is in no window would, and is counted
    /// nowhere.
    /// </summary>
    Filtered,

    /// <summary>
    /// An event that still lies in its source: only in what is read of a journal, never in a ring. The first of a run
    /// has the number of its slots in the place of the key, and their hash in that of the measure.
    /// </summary>
    Sourced = byte.MaxValue,
}
