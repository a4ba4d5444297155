namespace DisruptorStream.Rings;

/// <summary>
/// The work of one <see cref="BatchProcessor"/>. Every member but <see cref="Name"/> runs on its thread alone.
/// </summary>
internal interface IBatchHandler
{
    /// <summary>Names the thread, and the stage in faults.</summary>
    string Name { get; }

    /// <summary>
    /// After <see cref="OnBatch"/> threw: the sequence it was handling. Anything outside of the batch means that the
    /// handler does not know, and the batch's first sequence is reported.
    /// </summary>
    long FaultSequence => -1;

    /// <summary>Consumes all of first..last, which may cross the wrap of the ring.</summary>
    BatchOutcome OnBatch(long first, long last);

    /// <summary>
    /// Does a bounded piece of background work while nothing is available; true = there is more to do.
    /// </summary>
    bool OnIdle();

    void OnStart();

    /// <summary>Follows every <see cref="OnStart"/> that returned, however the processor ends.</summary>
    void OnStop();
}
