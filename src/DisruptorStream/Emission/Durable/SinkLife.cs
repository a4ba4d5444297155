namespace DisruptorStream.Emission.Durable;

/// <summary>
/// What the sinks of a query go through once, where two processors hand them results one after the other: one that
/// handles again what an earlier process did, and the one that goes on.
/// </summary>
/// <remarks>The emitting thread of the one, and then that of the other.</remarks>
internal sealed class SinkLife
{
    /// <summary>
    /// Cancelled when calls that wait should end. It has no timer and no wait handle, hence nothing to dispose.
    /// </summary>
    public CancellationTokenSource Aborted { get; } = new();

    /// <summary>Whether the sinks were told that they begin.</summary>
    public bool IsStarted { get; set; }
}
