namespace DisruptorStream.State;

/// <summary>Turns dense key ids back into the keys that they stand for, for code that writes results.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
internal interface IKeySource<TKey>
{
    /// <summary>The key of an id that has not been released. May be called from any thread.</summary>
    /// <exception cref="InvalidOperationException">The id stands for no key: never handed out, or released.</exception>
    TKey KeyOf(int keyId);

    /// <summary>The keys of as many ids, as <see cref="KeyOf"/> has them.</summary>
    /// <exception cref="InvalidOperationException">An id stands for no key.</exception>
    void CopyKeys(ReadOnlySpan<int> keyIds, Span<TKey> keys);
}
