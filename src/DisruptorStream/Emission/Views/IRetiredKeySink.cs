namespace DisruptorStream.Emission.Views;

/// <summary>
/// Told of the keys that go: a key without windows that has been idle for
/// <see cref="StreamProcessorOptions.WindowRetention"/> is retired.
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// A sink of results implements it too, and is told in order with its results: after the last of the key, and before
/// those of the same key where it comes again. Nothing is allocated for it. A call that throws is treated as the sink's
/// <see cref="SinkFailurePolicy"/> says.
/// </remarks>
public interface IRetiredKeySink<TKey> : ISink
{
    /// <summary>A key has gone: the processor knows nothing of it any more.</summary>
    /// <param name="key">The key.</param>
    /// <param name="sequence">Of the slot that retired it.</param>
    void OnRetired(TKey key, long sequence);
}
