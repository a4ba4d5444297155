using System.Buffers;
using DisruptorStream.Identities;
using DisruptorStream.Saving;

namespace DisruptorStream.Ingest.Replay;

/// <summary>Arrives at the keys of a name of another process by its records alone.</summary>
/// <remarks>
/// It decides nothing about keys that are given up: marks and pins are those of a process that is gone. Only
/// <see cref="TryRetire"/> may be called by several threads, the shards.
/// </remarks>
internal abstract class KeyReplayer : IKeyLifetime
{
    private readonly Queue<WaitingRecord> _waiting = new();
    private readonly Dictionary<long, KeyOutcome> _outcomes = [];
    private readonly Lock _gate = new();
    private long _next;

    /// <summary>
    /// The slot before which the first record that waits is to be done; long.MaxValue where none waits.
    /// </summary>
    public long NextSequence => _waiting.TryPeek(out var record) ? record.Sequence : long.MaxValue;

    public abstract int IdRange { get; }

    /// <summary>Moves on when an id may no longer stand for the key that it stood for.</summary>
    public long Retirements { get; protected set; }

    /// <summary>The id of a key as of the next slot; below 0 where there is none.</summary>
    /// <param name="table">A table of keys of the same type.</param>
    /// <param name="keyId">The id of the key there.</param>
    public abstract int IdOf(object table, int keyId);

    /// <summary>Takes a record. One that comes before the next slot is done at once, where no others wait.</summary>
    /// <exception cref="StateException">It does not follow from what was told before.</exception>
    public void Add(in IdentityRecord record)
    {
        if (record.Kind == IdentityKind.KeyKept
            || (record.Kind == IdentityKind.KeyRetired && record.Sequence != IdentityRecord.NoSlot))
        {
            AddOutcome(record);
        }
        else if (_waiting.Count == 0 && record.Sequence <= _next && record.Kind != IdentityKind.KeyReleased)
        {
            Apply(record);
        }
        else
        {
            // What is told of ids that are freed waits for MoveTo, whose caller asks first whether it may.
            _waiting.Enqueue(new WaitingRecord(record));
        }
    }

    /// <summary>Whether moving to a slot frees ids, whose keys results of earlier slots may name.</summary>
    public bool FreesIds(long sequence)
    {
        foreach (var record in _waiting)
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
        while (_waiting.TryPeek(out var record) && record.Sequence <= _next)
            Apply(_waiting.Dequeue().ToRecord());
    }

    /// <summary>
    /// The process that told ended before a slot, and another one goes on there: what was told of later slots never
    /// happened, and ids that were about to be freed are free.
    /// </summary>
    public void Restart(long sequence)
    {
        MoveTo(sequence);
        _waiting.Clear();
        lock (_gate)
            _outcomes.Clear();
        ReleaseRetired();
    }

    /// <summary>Writes what was told and is not done yet. Added again, it comes to the same.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="column">The number of the keys among those of an event.</param>
    public void SaveWaiting(IBufferWriter<byte> output, int column)
    {
        foreach (var record in _waiting)
            record.ToRecord().Write(output);
        lock (_gate)
        {
            var sequences = new List<long>(_outcomes.Keys);
            sequences.Sort();
            foreach (var sequence in sequences)
            {
                var outcome = _outcomes[sequence];
                new IdentityRecord
                {
                    Kind = outcome.IsRetired ? IdentityKind.KeyRetired : IdentityKind.KeyKept,
                    Column = column,
                    Sequence = sequence,
                    Number = outcome.KeyId,
                }.Write(output);
            }
        }
    }

    /// <summary>Whether it was told what became of the key that the slot of a retirement names.</summary>
    public bool HasOutcome(long sequence)
    {
        lock (_gate)
            return _outcomes.ContainsKey(sequence);
    }

    /// <inheritdoc/>
    public bool TryMarkRetiring(int keyId) => false;

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
    public bool TryRetire(int keyId, long sequence, bool isHeld = false)
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
            Retire(keyId);
            return true;
        }
    }

    /// <summary>All was told that saved records tell.</summary>
    /// <exception cref="StateException">Some records are missing.</exception>
    public abstract void ThrowUnlessWhole();

    protected abstract void Apply(in IdentityRecord record);

    protected abstract void Retire(int keyId);

    protected abstract void ReleaseRetired();

    private void AddOutcome(in IdentityRecord record)
    {
        // A snapshot of a slot in the middle of a frame is followed by records that were known to it.
        if (record.Sequence < _next)
            return;
        var outcome = new KeyOutcome(record.Number, record.Kind == IdentityKind.KeyRetired);
        lock (_gate)
        {
            if (!_outcomes.TryAdd(record.Sequence, outcome))
                throw IdentityRecord.Damaged($"the slot {record.Sequence} has two outcomes");
        }
    }

    private readonly record struct KeyOutcome(int KeyId, bool IsRetired);
}
