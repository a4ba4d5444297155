namespace DisruptorStream.State.Keys;

/// <summary>Tells which keys have some of their parts in common.</summary>
/// <remarks>Any thread.</remarks>
internal interface IKeyGroups
{
    /// <summary>What the key of an id has in common with others of its group.</summary>
    UInt128 GroupOf(int keyId);

    /// <summary>Orders groups by when their parts first came: the first part first.</summary>
    int Compare(UInt128 left, UInt128 right);
}
