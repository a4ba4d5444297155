namespace DisruptorStream;

/// <summary>Where a processor is in its life.</summary>
public enum ProcessorState
{
    /// <summary>It takes events, and handles them once it is started.</summary>
    Created = 0,

    /// <summary>It takes events and handles them.</summary>
    Running,

    /// <summary>It takes no more events, and handles those that it has.</summary>
    Stopping,

    /// <summary>It was stopped, or aborted, and every thread has ended.</summary>
    Stopped,

    /// <summary>A stage has failed; <see cref="EventProcessor.Completion"/> says which, and why.</summary>
    Faulted,
}
