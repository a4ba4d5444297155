namespace DisruptorStream.Emission;

/// <summary>Receives results in batches, without allocation.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// Called by the one emitting thread (in Inline execution by the publisher's), never concurrently, in result order: by
/// firing sequence, then window end, start, key id and pane. In a Staged stream each query has an emitting thread, so a
/// sink of several queries must take calls of several threads. A slow sink holds the emitting thread, and in the end
/// the publishers. A sink that throws is treated as its <see cref="SinkFailurePolicy"/> says; when it is retried it
/// gets the same batch again from the first row. Beside its results it is told what every <see cref="ISink"/> is told.
/// </remarks>
public interface IResultSink<TKey> : ISink
{
    /// <summary>Handles a batch of one or more results.</summary>
    /// <param name="batch">
    /// Valid during the call only: it is recycled afterwards. Keep a result with
    /// <see cref="WindowResult{TKey}.ToOwned"/>.
    /// </param>
    void OnResults(ResultBatch<TKey> batch);
}
