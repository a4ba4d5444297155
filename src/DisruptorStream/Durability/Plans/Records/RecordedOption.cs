namespace DisruptorStream.Durability.Plans.Records;

/// <summary>An option that shapes results, and no state: it may change between two slots.</summary>
/// <param name="Name">The option.</param>
/// <param name="Value">Its value as text, the same in every culture.</param>
internal sealed record RecordedOption(string Name, string Value) : INamed
{
    /// <summary>The value of an option that is not set.</summary>
    public const string None = "none";

    /// <summary>Whether it is not set.</summary>
    public bool IsNone => string.Equals(Value, None, StringComparison.Ordinal);
}
