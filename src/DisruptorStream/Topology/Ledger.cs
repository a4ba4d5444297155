using System.Buffers;
using DisruptorStream.Aggregation;
using DisruptorStream.Codecs;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Keys.Entries;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.State;

namespace DisruptorStream.Topology;

/// <summary>
/// What the numbers in slots, records and results stand for: keys, sources, symbols, and failures of user code.
/// </summary>
internal sealed class Ledger<TKey> : IFailureSource
    where TKey : notnull
{
    private const int Version = 1;

    private readonly IKeyCodec<TKey>? _codec;
    private readonly List<SymbolTable> _symbols;
    private readonly FailureLog[] _failures;

    /// <summary>An empty one.</summary>
    /// <param name="plan">Says how many keys there may be, and which measures are symbols.</param>
    /// <param name="codec">Writes and reads the keys; null for the one that their type has.</param>
    public Ledger(ProcessorPlan plan, IKeyCodec<TKey>? codec)
        : this(plan, codec, new KeyDirectory<TKey>(plan.Inputs[0].MaxKeys), new SourceRegistry())
    {
    }

    private Ledger(
        ProcessorPlan plan, IKeyCodec<TKey>? codec, KeyDirectory<TKey> keys, SourceRegistry sources)
    {
        _codec = codec;
        _symbols = SymbolsOf(plan);
        _failures = new FailureLog[plan.Execution.ShardCount];
        for (var shard = 0; shard < _failures.Length; shard++)
            _failures[shard] = new FailureLog();
        Keys = new KeyTable<TKey>(keys);
        Sources = sources;
    }

    public KeyTable<TKey> Keys { get; }

    public SourceRegistry Sources { get; }

    /// <summary>
    /// The symbol tables of the measures, each once: their places are the numbers of the tables in the records.
    /// </summary>
    public IReadOnlyList<SymbolTable> Symbols => _symbols;

    /// <summary>Whether the keys have a codec.</summary>
    public bool HasCodec => _codec is not null || KeyCodecs.Find<TKey>() is not null;

    /// <summary>The codec of the keys.</summary>
    /// <exception cref="NotSupportedException">They have none; the message says why.</exception>
    public IKeyCodec<TKey> Codec => _codec ?? KeyCodecs.Require<TKey>();

    /// <summary>What user code threw, of one shard.</summary>
    public FailureLog FailuresOf(int shard) => _failures[shard];

    public Exception FailureOf(int keyId, int failureIndex) =>
        _failures[keyId & (_failures.Length - 1)][failureIndex];

    /// <summary>Tells a side log of all keys, sources and symbols, those that there are and those to come.</summary>
    /// <remarks>
    /// Who replays slots begins with one that is claimed after this: ids that were used again before are told as they
    /// are now.
    /// </remarks>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public void Attach(SideLog log)
    {
        Keys.Attach(log, Codec);
        Sources.Attach(log);
        for (var table = 0; table < _symbols.Count; table++)
            _symbols[table].Attach(log, table);
    }

    /// <summary>Writes all as records: read by a replayer, they give the same numbers again.</summary>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public void Save(IBufferWriter<byte> output)
    {
        Keys.Save(output, Codec);
        Sources.Save(output);
        for (var table = 0; table < _symbols.Count; table++)
            _symbols[table].Save(output, table);
    }

    /// <summary>Writes all as a section.</summary>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public void Save(StateWriter writer)
    {
        var records = new ArrayBufferWriter<byte>();
        Save(records);
        writer.Begin(SectionTag.Ledger, Version);
        writer.WriteCount(records.WrittenCount);
        writer.WriteBytes(records.WrittenSpan);
        writer.End();
    }

    /// <summary>Makes one of what was saved. Texts of symbols go into the tables of the plan's measures.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public static Ledger<TKey> Load(ProcessorPlan plan, IKeyCodec<TKey>? codec, StateReader reader)
    {
        reader.Begin(SectionTag.Ledger, Version);
        var records = new byte[reader.ReadCount(1, "bytes of records")];
        reader.ReadBytes(records);
        reader.End();
        var keys = new KeyDirectory<TKey>(plan.Inputs[0].MaxKeys);
        var replayer = new SideLogReplayer<TKey>(
            keys, codec ?? KeyCodecs.Require<TKey>(), new SourceRegistry(), SymbolsOf(plan));
        replayer.Add(records);
        replayer.MoveTo(0);
        replayer.ThrowUnlessWhole();
        replayer.Sources.GoOn();
        reader.KeyRange = keys.IdRange;
        return new Ledger<TKey>(plan, codec, keys, replayer.Sources);
    }

    private static List<SymbolTable> SymbolsOf(ProcessorPlan plan)
    {
        var tables = new List<SymbolTable>();
        foreach (var measure in plan.Inputs[0].Rules.Measures)
        {
            if (measure.Symbols is { } symbols && !tables.Contains(symbols))
                tables.Add(symbols);
        }

        return tables;
    }
}
