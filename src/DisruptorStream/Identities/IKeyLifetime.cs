namespace DisruptorStream.Identities;

/// <summary>The part of a key table that the stages need to give idle keys up, without the type of the keys.</summary>
internal interface IKeyLifetime
{
    /// <summary>The highest id ever handed out + 1.</summary>
    int IdRange { get; }

    /// <summary>Marks a key as about to be retired; any later look-up takes the mark back.</summary>
    bool TryMarkRetiring(int keyId);

    /// <summary>Decides on a marked key at its slot: removes it, while its id stays taken, or keeps it.</summary>
    /// <param name="keyId">The id.</param>
    /// <param name="sequence">The slot that asks.</param>
    /// <param name="isHeld">Whether there is state for the key, so that it must stay.</param>
    bool TryRetire(int keyId, long sequence, bool isHeld = false);
}
