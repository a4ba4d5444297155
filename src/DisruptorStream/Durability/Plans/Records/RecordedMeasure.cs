namespace DisruptorStream.Durability.Plans.Records;

/// <summary>One of the measures of an event.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="SymbolTable">The number of the table that its symbols are in; -1 where the host keeps them.</param>
internal sealed record RecordedMeasure(string Name, string Type, int SymbolTable) : INamed;
