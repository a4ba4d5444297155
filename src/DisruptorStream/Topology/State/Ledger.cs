using System.Buffers;
using DisruptorStream.Aggregation;
using DisruptorStream.Codecs.Hashing;
using DisruptorStream.Events;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Ingest.Streams;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.State.Keys;

namespace DisruptorStream.Topology.State;

/// <summary>What the numbers in slots, records and results stand for: keys, sources, symbols.</summary>
internal sealed class Ledger
{
    private const int Version = 4;

    private readonly KeyColumn[] _columns;
    private readonly string[] _names;
    private readonly KeyReleases[] _releases;
    private readonly List<SymbolTable> _symbols;

    private Ledger(ProcessorPlan plan, KeyColumn[] columns, SourceRegistry sources, bool replays)
    {
        _columns = columns;
        _names = Array.ConvertAll([.. plan.Inputs[0].Keys], key => key.Name);
        _releases = new KeyReleases[columns.Length];
        for (var column = 0; column < columns.Length; column++)
            _releases[column] = new KeyReleases(columns[column].Release, HoldersOf(plan, column));
        Parts = PartsOf(plan);
        _symbols = SymbolsOf(plan);
        Sources = sources;
        if (replays)
            Replay = new SideLogReplayer(Array.ConvertAll(columns, column => column.NewReplayer()), sources, _symbols);
    }

    /// <summary>The keys by name, in the order of the plan.</summary>
    public IReadOnlyList<KeyColumn> Columns => _columns;

    /// <summary>The columns of the parts of each column; none where the keys are read from events.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Parts { get; }

    public SourceRegistry Sources { get; }

    /// <summary>
    /// What numbers stand for is told by records, and decided nowhere else; null where it is decided here.
    /// </summary>
    public SideLogReplayer? Replay { get; }

    /// <summary>Whether all keys have a codec.</summary>
    public bool HasCodecs => Array.TrueForAll(_columns, column => column.HasCodec);

    /// <summary>Keys of all names.</summary>
    public int KeyCount
    {
        get
        {
            var count = 0;
            foreach (var column in _columns)
                count += column.Count;
            return count;
        }
    }

    /// <summary>An empty one.</summary>
    /// <param name="plan">Says which measures are symbols.</param>
    /// <param name="makers">Make the keys, in the order of the plan.</param>
    /// <param name="replays">Whether records tell what numbers stand for.</param>
    /// <exception cref="NotSupportedException">Records are to tell, and the keys have no codec.</exception>
    public static Ledger Create(ProcessorPlan plan, IReadOnlyList<KeyColumnMaker> makers, bool replays = false)
    {
        var columns = new KeyColumn[makers.Count];
        for (var column = 0; column < columns.Length; column++)
            columns[column] = makers[column].New(columns);
        return new Ledger(plan, columns, new SourceRegistry(), replays);
    }

    /// <summary>The rows of a query that name a retired key have been passed.</summary>
    public void OnKeyPassed(int column, int keyId)
    {
        // Where records tell, they also tell when an id is free.
        if (Replay is null)
            _releases[column].OnPassed(keyId);
    }

    /// <summary>The ids of a column, for those who give idle ones up.</summary>
    public IKeyLifetime LifetimeOf(int column)
    {
        if (Replay is { } replay)
            return replay.Columns[column];
        var wholes = new List<(CompositeKeys, int)>();
        for (var whole = 0; whole < Parts.Count; whole++)
        {
            for (var part = 0; part < Parts[whole].Count; part++)
            {
                if (Parts[whole][part] == column)
                    wholes.Add((_columns[whole].Composites!, part));
            }
        }

        var keys = _columns[column].Lifetime;
        return wholes.Count == 0 ? keys : new PartLifetime(keys, [.. wholes]);
    }

    /// <summary>The groups of the keys of a column that have some of their parts in common.</summary>
    /// <param name="column">The column.</param>
    /// <param name="parts">Which of its parts; none for one group of all keys, which is null.</param>
    public IKeyGroups? GroupsOf(int column, IReadOnlyList<int> parts)
    {
        if (parts.Count == 0)
            return null;
        var orders = new (int Part, IKeyOrder Order)[parts.Count];
        for (var part = 0; part < orders.Length; part++)
            orders[part] = (parts[part], _columns[Parts[column][parts[part]]].Order);
        return new CompositeGroups(_columns[column].Composites!, orders);
    }

    /// <summary>Tells a side log of all keys, sources and symbols, those that there are and those to come.</summary>
    /// <remarks>
    /// Who replays slots begins with one that is claimed after this: ids that were used again before are told as they
    /// are now.
    /// </remarks>
    /// <param name="log">What is told.</param>
    /// <param name="goesOnFrom">
    /// The slot from which on a log goes on that knows all keys and sources that there are; -1 for one that knows
    /// nothing. Symbols are told again: others that share a table may have added some.
    /// </param>
    /// <param name="hash">Makes the hashes that are told in place of symbols; null for their texts.</param>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public void Attach(SideLog log, long goesOnFrom = -1, KeyHash? hash = null)
    {
        for (var column = 0; column < _columns.Length; column++)
            _columns[column].Attach(log, column, goesOnFrom);
        Sources.Attach(log, goesOnFrom);
        for (var table = 0; table < _symbols.Count; table++)
            _symbols[table].Attach(log, table, hash);
    }

    /// <summary>Writes all as a section: read in this order, the records give the same numbers again.</summary>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public void Save(StateWriter writer)
    {
        writer.Begin(SectionTag.Ledger, Version);
        writer.WriteCount(_columns.Length);
        var records = new ArrayBufferWriter<byte>();
        for (var column = 0; column < _columns.Length; column++)
        {
            writer.WriteText(_names[column]);
            _columns[column].Save(records);
            Write(writer, records);
        }

        Sources.Save(records);
        for (var table = 0; table < _symbols.Count; table++)
            _symbols[table].Save(records, table);
        Write(writer, records);
        writer.End();
    }

    /// <summary>Makes one of what was saved. Texts of symbols go into the tables of the plan's measures.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public static Ledger Load(
        ProcessorPlan plan, IReadOnlyList<KeyColumnMaker> makers, StateReader reader, bool replays = false)
    {
        reader.Begin(SectionTag.Ledger, Version);
        var count = reader.ReadCount(1, "names of keys", SlotLayout.MostKeys);
        var saved = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        for (var column = 0; column < count; column++)
        {
            if (!saved.TryAdd(reader.ReadText(), Read(reader)))
                throw reader.Invalid("a name of keys is there twice");
        }

        if (plan.LoadsFrom is null && count != makers.Count)
            throw reader.Invalid($"there are {count} names of keys, and the plan has {makers.Count}");
        var columns = new KeyColumn[makers.Count];
        for (var column = 0; column < columns.Length; column++)
        {
            columns[column] = saved.TryGetValue(plan.Inputs[0].Keys[column].Name, out var records)
                ? makers[column].Load(records, columns)
                : makers[column].New(columns);
        }

        var sources = new SourceRegistry();
        ReadOnlySpan<byte> names = Read(reader);
        var symbols = SavedSymbolsOf(plan);
        while (!names.IsEmpty)
            NameRecords.Apply(IdentityRecord.Read(ref names), sources, symbols);
        reader.End();
        sources.ThrowUnlessWhole();
        if (!replays)
            sources.GoOn();
        return new Ledger(plan, columns, sources, replays);
    }

    private static void Write(StateWriter writer, ArrayBufferWriter<byte> records)
    {
        writer.WriteCount(records.WrittenCount);
        writer.WriteBytes(records.WrittenSpan);
        records.ResetWrittenCount();
    }

    private static byte[] Read(StateReader reader)
    {
        var records = new byte[reader.ReadCount(1, "bytes of records")];
        reader.ReadBytes(records);
        return records;
    }

    private static int HoldersOf(ProcessorPlan plan, int column)
    {
        var holders = 0;
        foreach (var query in plan.Queries)
            holders += query.KeyColumn == column ? 1 : 0;
        return holders;
    }

    private static List<IReadOnlyList<int>> PartsOf(ProcessorPlan plan)
    {
        var parts = new List<IReadOnlyList<int>>();
        foreach (var key in plan.Inputs[0].Keys)
            parts.Add(key.Parts);
        return parts;
    }

    /// <summary>
    /// The tables as the saved state numbers them; one that nobody reads any more in the place of each that is gone.
    /// </summary>
    private static List<SymbolTable> SavedSymbolsOf(ProcessorPlan plan)
    {
        if (plan.LoadsFrom is not { } saved)
            return SymbolsOf(plan);
        var tables = new List<SymbolTable>();
        foreach (var before in saved.Measures)
        {
            while (tables.Count <= before.SymbolTable)
                tables.Add(new SymbolTable());
            foreach (var measure in plan.Inputs[0].Rules.Measures)
            {
                if (before.SymbolTable >= 0 && measure.Symbols is { } symbols
                    && string.Equals(measure.Name, before.Name, StringComparison.Ordinal))
                {
                    tables[before.SymbolTable] = symbols;
                }
            }
        }

        return tables;
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
