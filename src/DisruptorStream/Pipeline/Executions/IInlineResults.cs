namespace DisruptorStream.Pipeline.Executions;

/// <summary>The buffer that an Inline processor without sinks fills and its caller drains.</summary>
internal interface IInlineResults
{
    /// <exception cref="ResultBufferFullException">The results must be read before another event is taken.</exception>
    void ThrowIfFull();
}
