namespace DisruptorStream.Pipeline;

/// <summary>How far the results of all queries have been delivered, for those who wait for all of them.</summary>
/// <remarks>Any thread, but where it says otherwise.</remarks>
internal sealed class Deliveries
{
    private readonly EmissionStage[] _stages;

    /// <param name="stages">One for each query; at least one.</param>
    public Deliveries(params EmissionStage[] stages) => _stages = stages;

    /// <summary>Everything up to this sequence has been delivered, and may have been.</summary>
    public long CompletedThrough
    {
        get
        {
            var least = long.MaxValue;
            foreach (var stage in _stages)
                least = Math.Min(least, stage.CompletedThrough);
            return least;
        }
    }

    /// <summary>
    /// Whether a gate holds something back of what the stages are done with. Exact while nothing moves.
    /// </summary>
    public bool IsHeld => Array.Exists(_stages, stage => stage.IsHeld);

    /// <summary>Whether a gate holds rows back. Where one thread does all.</summary>
    public bool HoldsRows => Array.Exists(_stages, stage => stage.HoldsRows);

    /// <summary>Completes when a gate moves. Ask for it before the look that finds that something is held.</summary>
    public Task NextMove =>
        _stages.Length == 1 ? _stages[0].NextMove : Task.WhenAny(Array.ConvertAll(_stages, stage => stage.NextMove));

    /// <summary>Tells the sinks that somebody waits for all that has been delivered. On the emitting thread.</summary>
    public void FlushSinks()
    {
        foreach (var stage in _stages)
            stage.FlushSinks();
    }

    /// <summary>
    /// Completes once everything up to the sequence has been delivered. Register before publishing it.
    /// </summary>
    public Task WaitFor(long sequence) => _stages.Length == 1
        ? _stages[0].WaitFor(sequence)
        : Task.WhenAll(Array.ConvertAll(_stages, stage => stage.WaitFor(sequence)));

    /// <summary>
    /// Delivers, as the gates move, until nothing is held. Returns false where the processor ends before. On the
    /// emitting thread.
    /// </summary>
    public bool EmitHeld(Rings.RingFault fault) => Array.TrueForAll(_stages, stage => stage.EmitHeld(fault));

    /// <summary>Nothing more is emitted: threads that wait get this exception.</summary>
    public void End(Exception end)
    {
        foreach (var stage in _stages)
            stage.End(end);
    }
}
