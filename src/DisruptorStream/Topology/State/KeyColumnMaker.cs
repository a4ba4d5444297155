using DisruptorStream.Codecs.Hashing;

namespace DisruptorStream.Topology.State;

/// <summary>Makes the keys of one name, empty or of what was saved, without the caller knowing their type.</summary>
internal abstract class KeyColumnMaker
{
    /// <summary>Without keys.</summary>
    /// <param name="before">The columns before this one.</param>
    public abstract KeyColumn New(IReadOnlyList<KeyColumn> before);

    /// <summary>With the keys that were saved.</summary>
    /// <param name="records">What was saved.</param>
    /// <param name="before">The columns before this one.</param>
    /// <exception cref="DisruptorStream.Saving.StateException">They cannot have been saved.</exception>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public abstract KeyColumn Load(ReadOnlySpan<byte> records, IReadOnlyList<KeyColumn> before);

    /// <summary>One whose keys are told as their hashes; null where they cannot be hidden.</summary>
    /// <param name="hash">Makes the hashes.</param>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public abstract KeyColumnMaker? Hashed(KeyHash hash);
}
