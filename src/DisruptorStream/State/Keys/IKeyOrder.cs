namespace DisruptorStream.State.Keys;

/// <summary>Tells in which order keys were first defined, by their ids.</summary>
internal interface IKeyOrder
{
    /// <summary>
    /// How many keys were defined before the one that the id stands for, those that are gone included; -1 where it
    /// stands for none. No two keys have the same. Any thread.
    /// </summary>
    long OrdinalOf(int keyId);
}
