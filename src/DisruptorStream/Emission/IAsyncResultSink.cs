using DisruptorStream.Emission.Calls;

namespace DisruptorStream.Emission;

/// <summary>Receives results in batches that it may keep, without holding the engine's thread.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// A task of its own calls it, one call at a time, in the order of the results; where the next call begins, the task of
/// the one before has completed. Results wait in a queue (<see cref="AsyncSinkOptions.Capacity"/>), and a full queue
/// holds the emitting thread, and in the end the publishers. A call that throws, or whose task fails or is cancelled,
/// is treated as <see cref="AsyncSinkOptions.FailurePolicy"/> says. The calls come in this order:
/// <see cref="StartAsync"/> once; <see cref="WriteAsync"/>, <see cref="ProgressAsync"/> and <see cref="FlushAsync"/>
/// any number of times; <see cref="CompleteAsync"/> once, as the last. No call begins after
/// <see cref="EventProcessor.DisposeAsync"/> has returned. Do not wait here for the processor to flush or to
/// stop: it waits for this sink.
/// </remarks>
public interface IAsyncResultSink<TKey>
{
    /// <summary>The processor begins to deliver: called once, before all else.</summary>
    /// <param name="context">What the sink may want to know of its processor.</param>
    /// <param name="cancellationToken">Cancelled when the processor is aborted.</param>
    ValueTask StartAsync(SinkContext context, CancellationToken cancellationToken) => default;

    /// <summary>Writes one or more results.</summary>
    /// <param name="results">
    /// In their order, at most <see cref="AsyncSinkOptions.BatchSize"/> of them. They own their memory: the sink may
    /// keep them. A retry gets the same list again.
    /// </param>
    /// <param name="cancellationToken">Cancelled when the processor is aborted.</param>
    ValueTask WriteAsync(IReadOnlyList<WindowResult<TKey>> results, CancellationToken cancellationToken);

    /// <summary>Everything up to here has been written.</summary>
    /// <param name="progress">How far. Never goes back.</param>
    /// <param name="cancellationToken">Cancelled when the processor is aborted.</param>
    /// <remarks>Not for each result: after a write, or where the processor has come further without one.</remarks>
    ValueTask ProgressAsync(SinkProgress progress, CancellationToken cancellationToken)
    {
        SinkDefaults.NoteIgnored(this);
        return default;
    }

    /// <summary>
    /// Somebody waits until all results are where they belong: writes what the sink holds back. Called for
    /// <see cref="EventProcessor.FlushAsync"/>, and before the end where all was delivered.
    /// </summary>
    /// <param name="cancellationToken">Cancelled when the processor is aborted.</param>
    ValueTask FlushAsync(CancellationToken cancellationToken) => default;

    /// <summary>The last call: the sink frees what it holds. Only where it was started.</summary>
    /// <param name="failure">
    /// Null where all was written; a <see cref="PipelineException"/> where a stage or a sink has failed; a
    /// <see cref="ProcessorStoppedException"/> where the processor was aborted.
    /// </param>
    ValueTask CompleteAsync(Exception? failure) => default;
}
