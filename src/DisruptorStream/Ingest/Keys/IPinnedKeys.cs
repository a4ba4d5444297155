namespace DisruptorStream.Ingest.Keys;

/// <summary>What a <see cref="KeyHandle"/> needs of its table, which it does not know the key type of.</summary>
internal interface IPinnedKeys
{
    /// <summary>Gives back one pin of an id. May be called from any thread.</summary>
    void Unpin(int keyId);
}
