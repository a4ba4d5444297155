using DisruptorStream.Aggregation;
using DisruptorStream.Codecs;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Keys.Entries;
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
/// (<see cref="MoveTo"/>): what comes before that slot is done, and the rest waits. At the slot of a retirement it is
/// asked for the outcome (<see cref="TakeOutcome"/>).
/// </para>
/// <para>
/// Before <see cref="MoveTo"/> frees an id, results that name its key must be delivered: <see cref="FreesIds"/>. Only
/// <see cref="TakeOutcome"/> may be called by several threads, the shards.
/// </para>
/// </remarks>
internal sealed class SideLogReplayer<TKey>
    where TKey : notnull
{
    private readonly IKeyCodec<TKey> _codec;
    private readonly IReadOnlyList<SymbolTable> _symbols;
    private readonly Queue<WaitingRecord> _waitingKeys = new();
    private readonly Queue<WaitingRecord> _waitingSources = new();
    private readonly Dictionary<long, KeyOutcome> _outcomes = [];
    private readonly Lock _gate = new();
    private long _next;

    /// <param name="keys">The keys so far: none, or those of a loaded state.</param>
    /// <param name="codec">Reads the keys.</param>
    /// <param name="sources">The sources so far.</param>
    /// <param name="symbols">The tables in their order in the records, each as it is so far.</param>
    public SideLogReplayer(
        KeyDirectory<TKey> keys, IKeyCodec<TKey> codec, SourceRegistry sources, IReadOnlyList<SymbolTable> symbols)
    {
        Keys = keys;
        _codec = codec;
        Sources = sources;
        _symbols = symbols;
    }

    /// <summary>The keys as of the next slot.</summary>
    public KeyDirectory<TKey> Keys { get; }

    /// <summary>The sources as of the next slot.</summary>
    public SourceRegistry Sources { get; }

    /// <summary>Takes records. Those that come before the next slot are done at once, where no others wait.</summary>
    /// <exception cref="StateException">They are damaged, or do not follow from what was told before.</exception>
    public void Add(ReadOnlySpan<byte> records)
    {
        while (!records.IsEmpty)
            Add(IdentityRecord.Read(ref records));
    }

    /// <summary>Whether moving to a slot frees ids, whose keys results of earlier slots may name.</summary>
    public bool FreesIds(long sequence)
    {
        foreach (var record in _waitingKeys)
        {
            if (record.Sequence > sequence)
                return false;
            if (record.Kind == IdentityKind.KeyReleased)
                return true;
        }

        return false;
    }

    /// <summary>Does all that comes before a slot. All slots before it have been handled.</summary>
    /// <exception cref="StateException">A record does not follow from what was told before.</exception>
    public void MoveTo(long sequence)
    {
        _next = Math.Max(_next, sequence);
        while (_waitingKeys.TryPeek(out var record) && record.Sequence <= _next)
            Apply(_waitingKeys.Dequeue().ToRecord());
        while (_waitingSources.TryPeek(out var record) && record.Sequence <= _next)
            Apply(_waitingSources.Dequeue().ToRecord());
    }

    /// <summary>
    /// What became of the key that the slot of a retirement names. Retires it, if that is the outcome.
    /// </summary>
    /// <param name="keyId">The id in the slot.</param>
    /// <param name="sequence">The slot.</param>
    /// <param name="isHeld">Whether there is state for the key; then it cannot have been retired.</param>
    /// <returns>
    /// Whether the key was retired. Where no record says so, as the other process ended before it decided, nothing that
    /// follows depends on it, and the key is kept.
    /// </returns>
    /// <exception cref="StateException">The record does not fit the slot.</exception>
    public bool TakeOutcome(int keyId, long sequence, bool isHeld)
    {
        lock (_gate)
        {
            if (!_outcomes.Remove(sequence, out var outcome))
                return false;
            if (outcome.KeyId != keyId)
            {
                throw IdentityRecord.Damaged(
                    $"the slot {sequence} retires the key with id {keyId}, and its record is of id {outcome.KeyId}");
            }

            if (!outcome.IsRetired)
                return false;
            if (isHeld)
                throw IdentityRecord.Damaged($"the key with id {keyId} is retired, and there is state for it");
            Keys.Retire(keyId);
            return true;
        }
    }

    /// <summary>All was told that saved records tell.</summary>
    /// <exception cref="StateException">Some records are missing.</exception>
    public void ThrowUnlessWhole()
    {
        Keys.ThrowUnlessWhole();
        Sources.ThrowUnlessWhole();
    }

    private void Add(in IdentityRecord record)
    {
        if (record.Kind == IdentityKind.SymbolNumbered)
            Apply(record);
        else if (IsOutcome(record))
            AddOutcome(record);
        else
            ApplyOrWait(record, IsOfSource(record.Kind) ? _waitingSources : _waitingKeys);
    }

    private void AddOutcome(in IdentityRecord record)
    {
        var outcome = new KeyOutcome(record.Number, record.Kind == IdentityKind.KeyRetired);
        lock (_gate)
        {
            if (!_outcomes.TryAdd(record.Sequence, outcome))
                throw IdentityRecord.Damaged($"the slot {record.Sequence} has two outcomes");
        }
    }

    private void ApplyOrWait(in IdentityRecord record, Queue<WaitingRecord> waiting)
    {
        // What is told of ids that are freed waits for MoveTo, whose caller asks first whether it may.
        if (waiting.Count == 0 && record.Sequence <= _next && record.Kind != IdentityKind.KeyReleased)
            Apply(record);
        else
            waiting.Enqueue(new WaitingRecord(record));
    }

    private void Apply(in IdentityRecord record)
    {
        if (record.Kind == IdentityKind.SymbolNumbered || IsOfSource(record.Kind))
            NameRecords.Apply(record, Sources, _symbols);
        else
            Keys.Apply(record, _codec);
    }

    private static bool IsOutcome(in IdentityRecord record) => record.Kind == IdentityKind.KeyKept
        || (record.Kind == IdentityKind.KeyRetired && record.Sequence != IdentityRecord.NoSlot);

    private static bool IsOfSource(IdentityKind kind) =>
        kind is IdentityKind.SourceNamed or IdentityKind.SourceLeft or IdentityKind.SourceReleased;

    private readonly record struct KeyOutcome(int KeyId, bool IsRetired);
}
