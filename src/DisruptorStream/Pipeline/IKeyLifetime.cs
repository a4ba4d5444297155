namespace DisruptorStream.Pipeline;

/// <summary>The part of the key table that shards need to give idle keys up, without the type of the keys.</summary>
internal interface IKeyLifetime
{
    /// <summary>The highest id ever handed out + 1.</summary>
    int IdRange { get; }

    /// <summary>Marks a key as about to be retired; any later look-up takes the mark back.</summary>
    bool TryMarkRetiring(int keyId);

    /// <summary>Removes a marked key from the table; its id stays taken.</summary>
    bool TryRetire(int keyId);
}
