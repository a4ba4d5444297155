namespace DisruptorStream.Durability.Plans.Records;

/// <summary>What has a name of its own among its like in a recorded plan.</summary>
internal interface INamed
{
    /// <summary>The name.</summary>
    string Name { get; }
}
