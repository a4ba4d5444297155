using DisruptorStream.Building;
using System.Buffers;
using DisruptorStream.Aggregation;
using DisruptorStream.Codecs;
using DisruptorStream.Identities;

namespace DisruptorStream.Topology;

/// <summary>Has a processor tell a side log what the numbers in its slots stand for.</summary>
internal static class SideLogging
{
    /// <summary>Tells the log of all keys, sources and symbols, those that there are and those to come.</summary>
    /// <remarks>
    /// Who replays slots begins with one that is claimed after this: ids that were used again before are told as they
    /// are now.
    /// </remarks>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public static void Attach<TKey>(this ProcessorParts<TKey> parts, SideLog log)
        where TKey : notnull
    {
        parts.Keys.Attach(log, CodecOf(parts.Definition));
        parts.Sources.Attach(log);
        var tables = SymbolTablesOf(parts.Definition);
        for (var table = 0; table < tables.Count; table++)
            tables[table].Attach(log, table);
    }

    /// <summary>
    /// Writes all keys, sources and symbols as records: read by a replayer, they give the same numbers again.
    /// </summary>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public static void Save<TKey>(this ProcessorParts<TKey> parts, IBufferWriter<byte> output)
        where TKey : notnull
    {
        parts.Keys.Save(output, CodecOf(parts.Definition));
        parts.Sources.Save(output);
        var tables = SymbolTablesOf(parts.Definition);
        for (var table = 0; table < tables.Count; table++)
            tables[table].Save(output, table);
    }

    /// <summary>The codec of the keys.</summary>
    /// <exception cref="NotSupportedException">They have none; the message says why.</exception>
    public static IKeyCodec<TKey> CodecOf<TKey>(PipelineDefinition<TKey> definition)
        where TKey : notnull => definition.KeyCodec ?? KeyCodecs.Require<TKey>();

    /// <summary>
    /// The symbol tables of the measures, each once: their places are the numbers of the tables in the records.
    /// </summary>
    public static IReadOnlyList<SymbolTable> SymbolTablesOf<TKey>(PipelineDefinition<TKey> definition)
        where TKey : notnull
    {
        var tables = new List<SymbolTable>();
        foreach (var measure in definition.Measures)
        {
            if (measure.Symbols is { } symbols && !tables.Contains(symbols))
                tables.Add(symbols);
        }

        return tables;
    }
}
