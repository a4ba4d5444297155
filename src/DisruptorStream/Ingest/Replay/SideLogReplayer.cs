using System.Buffers;
using DisruptorStream.Aggregation;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Saving;

namespace DisruptorStream.Ingest.Replay;

/// <summary>
/// Arrives at the keys, sources and symbols of another process by its records alone: the same ids, generations and
/// lists of free ones.
/// </summary>
/// <remarks>
/// <para>
/// Give it records as they come (<see cref="Add(ReadOnlySpan{byte})"/>), which may be early, and say which slot is next
/// (<see cref="MoveTo"/>): what comes before that slot is done, and the rest waits. At the slot of a retirement the
/// keys are asked for the outcome (<see cref="KeyReplayer.TryRetire"/>).
/// </para>
/// <para>
/// Before <see cref="MoveTo"/> frees an id, results that name its key must be delivered: <see cref="FreesIds"/>. What
/// comes before a slot changes nothing that the slots before it need, so it is enough to move from one
/// <see cref="NextSequence"/> to the next.
/// </para>
/// </remarks>
internal sealed class SideLogReplayer
{
    private readonly KeyReplayer[] _columns;
    private readonly IReadOnlyList<SymbolTable> _symbols;
    private readonly Queue<WaitingRecord> _waitingSources = new();
    private long _next;

    /// <param name="columns">The keys of each name, in the order of the plan.</param>
    /// <param name="sources">The sources so far.</param>
    /// <param name="symbols">The tables in their order in the records, each as it is so far.</param>
    public SideLogReplayer(
        KeyReplayer[] columns, SourceRegistry sources, IReadOnlyList<SymbolTable> symbols)
    {
        _columns = columns;
        Sources = sources;
        _symbols = symbols;
    }

    /// <summary>The keys of each name as of the next slot.</summary>
    public IReadOnlyList<KeyReplayer> Columns => _columns;

    /// <summary>The sources as of the next slot.</summary>
    public SourceRegistry Sources { get; }

    /// <summary>
    /// The slot before which the first record that waits is to be done; long.MaxValue where none waits.
    /// </summary>
    public long NextSequence
    {
        get
        {
            var next = _waitingSources.TryPeek(out var record) ? record.Sequence : long.MaxValue;
            foreach (var column in _columns)
                next = Math.Min(next, column.NextSequence);
            return next;
        }
    }

    /// <summary>Takes records. Those that come before the next slot are done at once, where no others wait.</summary>
    /// <exception cref="StateException">They are damaged, or do not follow from what was told before.</exception>
    public void Add(ReadOnlySpan<byte> records)
    {
        while (!records.IsEmpty)
            Add(IdentityRecord.Read(ref records));
    }

    /// <summary>Whether moving to a slot frees ids, whose keys results of earlier slots may name.</summary>
    public bool FreesIds(long sequence) => Array.Exists(_columns, column => column.FreesIds(sequence));

    /// <summary>Does all that comes before a slot. All slots before it have been handled.</summary>
    /// <exception cref="StateException">A record does not follow from what was told before.</exception>
    public void MoveTo(long sequence)
    {
        _next = Math.Max(_next, sequence);
        foreach (var column in _columns)
            column.MoveTo(sequence);
        while (_waitingSources.TryPeek(out var record) && record.Sequence <= _next)
            Apply(_waitingSources.Dequeue().ToRecord());
        Sources.Positions.MoveTo(_next);
    }

    /// <summary>
    /// The process that told ended before a slot, and another one goes on there: what was told of later slots never
    /// happened.
    /// </summary>
    public void Restart(long sequence)
    {
        MoveTo(sequence);
        _waitingSources.Clear();
        Sources.Positions.Restart(sequence);
        foreach (var column in _columns)
            column.Restart(sequence);
    }

    /// <summary>Writes what was told and is not done yet. Added again, it comes to the same.</summary>
    public void SaveWaiting(IBufferWriter<byte> output)
    {
        for (var column = 0; column < _columns.Length; column++)
            _columns[column].SaveWaiting(output, column);
        foreach (var record in _waitingSources)
            record.ToRecord().Write(output);
        Sources.Positions.SaveWaiting(output);
    }

    /// <summary>All was told that saved records tell.</summary>
    /// <exception cref="StateException">Some records are missing.</exception>
    public void ThrowUnlessWhole()
    {
        foreach (var column in _columns)
            column.ThrowUnlessWhole();
        Sources.ThrowUnlessWhole();
    }

    private void Add(in IdentityRecord record)
    {
        if (record.Kind == IdentityKind.SymbolNumbered)
            Apply(record);
        else if (record.Kind == IdentityKind.SourcePosition)
            Sources.Positions.Add(record);
        else if (!IsOfSource(record.Kind))
            ColumnOf(record).Add(record);
        else if (_waitingSources.Count == 0 && record.Sequence <= _next)
            Apply(record);
        else
            _waitingSources.Enqueue(new WaitingRecord(record));
    }

    private KeyReplayer ColumnOf(in IdentityRecord record) => record.Column < _columns.Length
        ? _columns[record.Column]
        : throw IdentityRecord.Damaged(
            $"a record is of the keys number {record.Column}, and an event has {_columns.Length} of them");

    private void Apply(in IdentityRecord record) => NameRecords.Apply(record, Sources, _symbols);

    private static bool IsOfSource(IdentityKind kind) =>
        kind is IdentityKind.SourceNamed or IdentityKind.SourceLeft or IdentityKind.SourceReleased;
}
