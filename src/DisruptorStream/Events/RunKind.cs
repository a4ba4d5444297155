namespace DisruptorStream.Events;

/// <summary>What a shard has to do for a run of slots.</summary>
internal enum RunKind : byte
{
    /// <summary>Accepted events: of one slice, or, for sessions and custom windows, of one source.</summary>
    Events = 0,

    /// <summary>Events that entered no window; the run's reason says why.</summary>
    Dropped,

    /// <summary>The watermark moved to the run's value, because of the run's first slot.</summary>
    Watermark,

    /// <summary>The clock moved to the run's value.</summary>
    Clock,

    /// <summary>The key of the run's slot may be given up, if the shard holds nothing for it.</summary>
    KeyRetiring,

    /// <summary>The key of the run's slot must stay: an event of it is held.</summary>
    KeyKept,

    /// <summary>Nothing to do; the slots are passed.</summary>
    Pass,

    /// <summary>The shard stops after this run.</summary>
    Stop,

    /// <summary>The shard finishes what is due, and waits until the state has been saved.</summary>
    Save,
}
