using DisruptorStream.Emission.Calls;

namespace DisruptorStream.Emission;

/// <summary>
/// What every sink is told beside its rows: start, progress, flush and end. Each does nothing by default.
/// </summary>
/// <remarks>
/// The calls come one at a time and in this order: <see cref="OnStart"/> once; rows, <see cref="OnProgress"/> and
/// <see cref="OnFlush"/> any number of times; <see cref="OnComplete"/> once, as the last. All but the last flush and
/// <see cref="OnComplete"/> come on the emitting thread (Inline: on the thread that publishes or flushes); those two
/// come on a thread of the pool, once the threads of the engine have ended. What a call throws is treated as the
/// sink's <see cref="SinkFailurePolicy"/> says. A sink that is registered more than once is told once, and its first
/// policy counts. No call begins after <see cref="EventProcessor.DisposeAsync"/> has returned.
/// </remarks>
public interface ISink
{
    /// <summary>The processor begins to deliver: called once, before all else.</summary>
    /// <param name="context">What the sink may want to know of its processor.</param>
    void OnStart(in SinkContext context)
    {
    }

    /// <summary>Everything up to here has been delivered to this sink and to those before it.</summary>
    /// <param name="progress">How far. Never goes back.</param>
    /// <remarks>
    /// At most once for each step of the emitting thread, and only where it has moved. Not per result.
    /// </remarks>
    void OnProgress(in SinkProgress progress) => SinkDefaults.NoteIgnored(this);

    /// <summary>
    /// Somebody waits until all results are where they belong: writes what the sink holds back. Called for
    /// <see cref="EventProcessor.FlushAsync"/>, and before the end where all was delivered.
    /// </summary>
    void OnFlush()
    {
    }

    /// <summary>The last call: the sink frees what it holds. Only where it was started.</summary>
    /// <param name="failure">
    /// Null where all was delivered; a <see cref="PipelineException"/> where a stage or a sink has failed; a
    /// <see cref="ProcessorStoppedException"/> where the processor was aborted.
    /// </param>
    /// <remarks>
    /// An abort waits for it for <see cref="StreamProcessorOptions.ShutdownTimeout"/>. It does not come at all where
    /// <see cref="EventProcessor.DisposeAsync"/> has returned before: because the time was over, or because it
    /// was called by a sink.
    /// </remarks>
    void OnComplete(Exception? failure)
    {
    }
}
