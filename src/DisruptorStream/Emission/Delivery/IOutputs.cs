namespace DisruptorStream.Emission.Delivery;

/// <summary>All that results go to, as the life cycle of a processor sees it.</summary>
internal interface IOutputs
{
    /// <summary>What call of a sink is under way, for a message; null for none.</summary>
    string? Holder { get; }

    /// <summary>Calls of sinks begun and calls ended, together.</summary>
    long Steps { get; }

    /// <summary>Whether a sink is being waited for because its policy says so.</summary>
    bool IsPausing { get; }

    /// <summary>The slot will end the input because the host shuts down: what it fires is partial. Before it.</summary>
    void EndAt(long shutdownSequence);

    /// <summary>The processor is aborted: no call begins any more, but for the last of each sink.</summary>
    void Close();

    /// <summary>The processor is disposed: no call begins any more.</summary>
    void CloseForGood();

    /// <summary>
    /// Completes when asynchronous sinks have written all that they were given so far, and have flushed.
    /// </summary>
    /// <exception cref="StreamProcessorException">The processor has ended before.</exception>
    Task FlushAsync();

    /// <summary>
    /// Everything was delivered, and the threads have ended: completes when it is where it belongs.
    /// </summary>
    /// <exception cref="SinkException">A sink failed, and its policy says stop.</exception>
    /// <exception cref="OperationCanceledException">The processor was aborted.</exception>
    Task DrainAsync(long sequence);

    /// <summary>The last call of each sink, after the threads have ended.</summary>
    /// <param name="failure">Why not all was delivered; null where it was.</param>
    /// <param name="sequence">How far delivery came.</param>
    /// <exception cref="SinkException">A sink failed, and its policy says stop.</exception>
    Task CompleteAsync(Exception? failure, long sequence);
}
