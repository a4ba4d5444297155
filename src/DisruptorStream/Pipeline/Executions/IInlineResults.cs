namespace DisruptorStream.Pipeline.Executions;

/// <summary>What an Inline processor's results lie in until somebody takes them: asked before each claim.</summary>
internal interface IInlineResults
{
    /// <summary>As <see cref="TakesEvents"/>, but does not throw.</summary>
    bool IsOpen { get; }

    /// <summary>Whether another event may be taken; false where results are held and may go soon.</summary>
    /// <exception cref="ResultBufferFullException">The results must be read before another event is taken.</exception>
    bool TakesEvents();

    /// <summary>As <see cref="TakesEvents"/>, once all has been delivered that may go.</summary>
    /// <exception cref="ResultBufferFullException">As many results are held as may be.</exception>
    bool HasRoom();
}
