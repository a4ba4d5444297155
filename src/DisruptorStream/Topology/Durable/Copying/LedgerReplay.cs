using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Durability.Journal.Reading;
using DisruptorStream.Events;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Saving;
using DisruptorStream.Topology.Durable.Replay;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Durable.Copying;

/// <summary>What numbers stand for at a slot: from a snapshot on, by the journal alone.</summary>
/// <remarks>
/// <para>The processor itself knows keys of slots that are still to come, and how it came to them is forgotten.</para>
/// <para>The outcome of a retirement may come behind the slot that is asked for: it is looked for there, and nothing
/// else of what lies there is taken.</para>
/// </remarks>
internal sealed class LedgerReplay : IDisposable
{
    private readonly JournalReader _reader;
    private readonly SideLogReplayer _identities;
    private readonly Queue<(long Sequence, int Column, int KeyId)> _retiring = new();
    private long _handled;
    private bool _isThere;
    private JournalPosition _position;

    /// <param name="reader">Stands behind the last frame that is in the ledger.</param>
    /// <param name="ledger">What numbers stand for there; records tell.</param>
    /// <param name="handled">The last slot that is in it; -1 for none.</param>
    /// <param name="positions">What was told of results that have arrived, up to there.</param>
    public LedgerReplay(JournalReader reader, Ledger ledger, long handled, IReadOnlyList<long> positions)
    {
        _reader = reader;
        _identities = ledger.Replay
            ?? throw new ArgumentException("The ledger decides itself what numbers stand for.", nameof(ledger));
        _handled = handled;
        _position = reader.Position;
        Ledger = ledger;
        Positions = positions;
    }

    /// <summary>What numbers stand for.</summary>
    public Ledger Ledger { get; }

    /// <summary>The last slot that was read.</summary>
    public long Sequence => _handled;

    /// <summary>Whether the input has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>How many results of each query had arrived, as far as was read.</summary>
    public IReadOnlyList<long> Positions { get; private set; }

    /// <summary>The number of the last frame that is in it.</summary>
    public long Ordinal => _position.Ordinal;

    /// <summary>Goes on to a slot. False where the journal has not come so far yet: then ask again.</summary>
    /// <exception cref="JournalException">The journal is damaged, or no longer there.</exception>
    /// <exception cref="StateException">What was read does not follow on what was before.</exception>
    public bool TryMoveTo(long sequence)
    {
        while (!_isThere && ReadBefore(sequence))
            Retire(isSure: false);
        while (_isThere && _retiring.Count > 0)
        {
            if (!ReadOutcomes(sequence))
                return false;
            Retire(isSure: false);
        }

        if (!_isThere)
            return false;
        _identities.MoveTo(sequence + 1);
        return true;
    }

    /// <summary>Goes on to the end of the journal: what was not told never happened.</summary>
    public void MoveToEnd()
    {
        while (ReadBefore(long.MaxValue))
            Retire(isSure: false);
        Retire(isSure: true);
        _identities.MoveTo(_handled + 1);
    }

    /// <summary>Where it stands, and what it knows of later slots.</summary>
    /// <param name="sequence">The slot that it went on to.</param>
    public ReplayMark Mark(long sequence)
    {
        var waiting = new System.Buffers.ArrayBufferWriter<byte>();
        _identities.SaveWaiting(waiting);
        return new ReplayMark(sequence, _position, waiting.WrittenSpan.ToArray());
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>
    /// Reads a frame, of which slots behind the given one are left out: then the mark stands before it. False where
    /// there is none.
    /// </summary>
    private bool ReadBefore(long sequence)
    {
        // Frames behind the last slot that are none of slots belong to what comes next.
        _isThere = _handled >= sequence;
        if (_isThere || !_reader.TryRead(out var frame))
            return false;
        switch (frame.Kind)
        {
            case FrameKind.Records:
                _identities.Add(frame.Records);
                break;
            case FrameKind.Slots:
            case FrameKind.Order:
                Take(frame.Slots, sequence);
                if (_handled < frame.FirstSequence + frame.Count - 1)
                    return true;
                break;
            case FrameKind.Restart:
                Retire(isSure: true);
                _identities.Restart(_handled + 1);
                break;
            case FrameKind.Positions:
                Positions = frame.Positions.ToArray();
                break;
        }

        _position = _reader.Position;
        return true;
    }

    private void Take(in EventView slots, long sequence)
    {
        for (var index = 0; index < slots.Count && slots.FirstSequence + index <= sequence; index++)
        {
            var at = slots.FirstSequence + index;
            if (at <= _handled)
                continue;
            ref readonly var slot = ref slots.SlotAt(index);
            if (slot.Kind == SlotKind.KeyRetiring)
                _retiring.Enqueue((at, slot.SourceId, slot.KeyId));
            HasEnded |= slot.Kind == SlotKind.EndOfInput;
            if (!_identities.Sources.Positions.IsEmpty)
                _identities.Sources.Positions.Count(slot, at);
            _handled = at;
        }
    }

    /// <summary>Does the retirements whose outcome is known; where nothing more is told, all of them.</summary>
    private void Retire(bool isSure)
    {
        while (_retiring.TryPeek(out var next))
        {
            var column = _identities.Columns[next.Column];
            if (!isSure && !column.HasOutcome(next.Sequence))
                return;
            _identities.MoveTo(next.Sequence);
            column.TryRetire(next.KeyId, next.Sequence);
            _retiring.Dequeue();
        }
    }

    /// <summary>Reads a frame behind the slot, for the outcomes of slots up to it. False where there is none.</summary>
    private bool ReadOutcomes(long sequence)
    {
        if (!_reader.TryRead(out var frame))
            return false;
        if (frame.Kind != FrameKind.Records)
            return true;
        var records = frame.Records;
        while (!records.IsEmpty)
        {
            var rest = records;
            var record = IdentityRecord.Read(ref rest);
            if (record.Kind is IdentityKind.KeyKept or IdentityKind.KeyRetired
                && record.Sequence != IdentityRecord.NoSlot && record.Sequence <= sequence)
            {
                _identities.Add(records[..^rest.Length]);
            }

            records = rest;
        }

        return true;
    }
}
