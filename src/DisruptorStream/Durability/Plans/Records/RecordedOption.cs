namespace DisruptorStream.Durability.Plans.Records;

/// <summary>An option that shapes results, and no state: it may change between two slots.</summary>
/// <param name="Name">The option.</param>
/// <param name="Value">Its value as text, the same in every culture.</param>
internal sealed record RecordedOption(string Name, string Value) : INamed;
