namespace DisruptorStream.LoadTests.Workloads;

/// <summary>How a workload's events are given to the engine.</summary>
internal enum Publishing
{
    /// <summary>Ready events with pinned keys, 8,192 at a time.</summary>
    Batches,

    /// <summary>Slots of the ring, claimed 512 at a time and written in place.</summary>
    Claims,

    /// <summary>The host's own type of event, read by selectors.</summary>
    Typed,

    /// <summary>As <see cref="Typed"/>, with text keys.</summary>
    TypedText,

    /// <summary>One call for each event, by text keys.</summary>
    Single,
}
