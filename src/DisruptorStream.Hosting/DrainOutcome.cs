namespace DisruptorStream.Hosting;

/// <summary>How a hosted processor ended.</summary>
public enum DrainOutcome
{
    /// <summary>The host has not stopped it, or is still draining it.</summary>
    None = 0,

    /// <summary>Everything that was published has been handled, and its results delivered.</summary>
    Drained,

    /// <summary>The host's shutdown time-out came first, and the rest was discarded.</summary>
    TimedOut,

    /// <summary>A stage, or the reader of the results, had failed, or nobody read the results.</summary>
    Failed,
}
