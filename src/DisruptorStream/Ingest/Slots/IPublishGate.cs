namespace DisruptorStream.Ingest.Slots;

/// <summary>What a publisher that finds no room asks before it waits on.</summary>
internal interface IPublishGate
{
    /// <exception cref="ResultBufferFullException">Waiting would never end.</exception>
    /// <exception cref="InvalidOperationException">The processor has not been started.</exception>
    void ThrowIfBlocked();
}
