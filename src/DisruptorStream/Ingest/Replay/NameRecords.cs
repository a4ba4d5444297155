using DisruptorStream.Aggregation;
using DisruptorStream.Codecs.BuiltIn;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Sources;

namespace DisruptorStream.Ingest.Replay;

/// <summary>Does what records of sources and symbols say.</summary>
internal static class NameRecords
{
    /// <param name="record">The record.</param>
    /// <param name="sources">The sources so far.</param>
    /// <param name="symbols">The tables in their order in the records, each as it is so far.</param>
    /// <exception cref="Saving.StateException">
    /// The record is neither a source's nor a symbol's, or does not follow from what was told before.
    /// </exception>
    public static void Apply(
        in IdentityRecord record, SourceRegistry sources, IReadOnlyList<SymbolTable> symbols)
    {
        if (record.Kind == IdentityKind.SymbolNumbered)
            TableOf(record, symbols).Define(record.Number, ReadText(record));
        else if (record.Kind == IdentityKind.SourceNamed)
            sources.Define(record.Number, ReadText(record));
        else if (record.Kind == IdentityKind.SourceReleased)
            sources.Free(record.Number);
        else if (record.Kind == IdentityKind.SourceLeft)
            sources.Leave(record.Number);
        else if (record.Kind == IdentityKind.SourcePosition)
            sources.Positions.Load(record);
        else
            throw IdentityRecord.Damaged($"a record of the kind {record.Kind} is neither a source's nor a symbol's");
    }

    private static SymbolTable TableOf(in IdentityRecord record, IReadOnlyList<SymbolTable> symbols) =>
        record.Generation < (uint)symbols.Count
            ? symbols[(int)record.Generation]
            : throw IdentityRecord.Damaged(
                $"a symbol is of table {record.Generation}, and the measures have {symbols.Count} tables");

    private static string ReadText(in IdentityRecord record)
    {
        try
        {
            if (TextCodec.Instance.Read(record.Body, out var bytesRead) is { } text && bytesRead == record.Body.Length)
                return text;
        }
        catch (InvalidDataException exception)
        {
            throw IdentityRecord.Damaged($"the name with the number {record.Number} is no text", exception);
        }

        throw IdentityRecord.Damaged($"the name with the number {record.Number} is no text");
    }
}
