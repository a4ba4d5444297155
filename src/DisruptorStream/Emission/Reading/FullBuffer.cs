namespace DisruptorStream.Emission.Reading;

/// <summary>A buffer of results that is full and holds emission, for a message.</summary>
/// <param name="Capacity">How many results fit.</param>
/// <param name="Reader">The name of the reader it belongs to; null for the processor's own.</param>
internal readonly record struct FullBuffer(int Capacity, string? Reader)
{
    /// <summary>What is full.</summary>
    public string Name => Reader is null ? "result buffer" : $"buffer of the result reader '{Reader}'";

    /// <summary>What to do where nobody reads.</summary>
    public string Advice => Reader is null
        ? "call ReadResultsAsync or TryReadResult, register an IResultSink instead, or raise ResultBufferSize"
        : "read from it, dispose it, or have it drop the oldest results (ResultReaderOptions.WhenFull)";
}
