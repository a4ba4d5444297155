using System.Buffers;
using DisruptorStream.Events;
using DisruptorStream.Identities;
using DisruptorStream.Saving;

namespace DisruptorStream.Ingest.Sources;

/// <summary>How far each source that can be read again has been read: as of a slot, told by records.</summary>
/// <remarks>
/// <para>
/// A record says: the slots of this source before a slot are those of its events up to a position, and of some events
/// behind it. What comes later is counted, slot by slot. So a position and a count say where to go on, wherever a
/// journal ends: open the source at the position, and leave out as many events.
/// </para>
/// <para>One thread at a time.</para>
/// </remarks>
internal sealed class SourcePositions
{
    private readonly SortedDictionary<int, ReadSource> _sources = [];

    /// <summary>Whether no position was ever told: then nothing has to be counted.</summary>
    public bool IsEmpty => _sources.Count == 0;

    /// <summary>Takes a record, which may come before the slots that it is for.</summary>
    public void Add(in IdentityRecord record)
    {
        if (!_sources.TryGetValue(record.Number, out var source))
            _sources.Add(record.Number, source = new ReadSource());
        source.Told.Enqueue((record.Sequence, record.Ordinal, record.Body.ToArray()));
    }

    /// <summary>Counts the events of slots, in their order; each slot is given once.</summary>
    public void Count(in EventView slots)
    {
        for (var index = 0; index < slots.Count; index++)
            Count(slots.SlotAt(index), slots.FirstSequence + index);
    }

    /// <summary>Counts a slot, where it is an event of such a source.</summary>
    public void Count(in EventSlot slot, long sequence)
    {
        if (slot.Kind is not (SlotKind.Event or SlotKind.Refused or SlotKind.Partial or SlotKind.Filtered
                or SlotKind.Sourced)
            || !_sources.TryGetValue(slot.SourceId, out var source))
        {
            return;
        }

        source.MoveTo(sequence);
        source.Since++;
    }

    /// <summary>Does all that comes before a slot: all slots before it were counted.</summary>
    public void MoveTo(long sequence)
    {
        foreach (var source in _sources.Values)
            source.MoveTo(sequence);
    }

    /// <summary>What was told of slots behind the next one never happened.</summary>
    public void Restart(long sequence)
    {
        MoveTo(sequence);
        foreach (var source in _sources.Values)
            source.Told.Clear();
    }

    /// <summary>A source has gone: one of the same name begins anew.</summary>
    public void Remove(int source) => _sources.Remove(source);

    /// <summary>Where to go on: the position, and how many events behind it are there already. Null for none.</summary>
    public (byte[] Position, long Since)? Of(int source) =>
        _sources.TryGetValue(source, out var found) && found.Position is { } position ? (position, found.Since) : null;

    /// <summary>Writes the positions as records.</summary>
    public void Save(IBufferWriter<byte> output, long sequence)
    {
        foreach (var (number, source) in _sources)
        {
            if (source.Position is { } position)
                RecordOf(number, position, source.Since, sequence).Write(output);
        }
    }

    /// <summary>Writes what was told of later slots.</summary>
    public void SaveWaiting(IBufferWriter<byte> output)
    {
        foreach (var (number, source) in _sources)
        {
            foreach (var (sequence, since, position) in source.Told)
                RecordOf(number, position, since, sequence).Write(output);
        }
    }

    /// <summary>The record of a position.</summary>
    /// <param name="source">The number of the source.</param>
    /// <param name="position">The position.</param>
    /// <param name="since">How many events behind it were published before the slot.</param>
    /// <param name="sequence">The slot.</param>
    public static IdentityRecord RecordOf(int source, ReadOnlySpan<byte> position, long since, long sequence) => new()
    {
        Kind = IdentityKind.SourcePosition,
        Sequence = sequence,
        Number = source,
        Ordinal = since,
        Body = position,
    };

    /// <summary>Takes a saved position.</summary>
    /// <exception cref="StateException">The number is none of a source.</exception>
    public void Load(in IdentityRecord record)
    {
        if (record.Number >= SourceRegistry.MaxSources)
            throw IdentityRecord.Damaged($"the position of a source has the number {record.Number}, which is none");
        Add(record);
        MoveTo(record.Sequence);
    }

    private sealed class ReadSource
    {
        public Queue<(long Sequence, long Since, byte[] Position)> Told { get; } = new();

        public byte[]? Position { get; private set; }

        public long Since { get; set; }

        public void MoveTo(long sequence)
        {
            while (Told.TryPeek(out var next) && next.Sequence <= sequence)
            {
                (_, Since, Position) = next;
                Told.Dequeue();
            }
        }
    }
}
