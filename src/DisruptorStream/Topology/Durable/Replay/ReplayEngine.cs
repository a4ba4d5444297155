using System.Buffers;
using DisruptorStream.Events;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Saving;
using DisruptorStream.Slots.Inline;
using DisruptorStream.Topology.Durable.Remaking;

namespace DisruptorStream.Topology.Durable.Replay;

/// <summary>
/// Handles again the slots and records of another process, or of this one's processor, and so comes to the same state
/// and the same results.
/// </summary>
/// <remarks>One caller at a time, on whose thread all is done.</remarks>
internal sealed class ReplayEngine : IDisposable
{
    private readonly ProcessorParts _parts;
    private readonly InlineEventRing _ring;
    private readonly SideLogReplayer _identities;
    private readonly RemadeRuns? _remade;

    /// <param name="parts">A processor that was built to replay.</param>
    /// <param name="newRemade">
    /// Makes what makes slots again of which the journal has only the order; null where there are none.
    /// </param>
    public ReplayEngine(ProcessorParts parts, Func<SideLogReplayer, RemadeRuns>? newRemade = null)
    {
        _parts = parts;
        _ring = (InlineEventRing)parts.RuntimeParts.Ring;
        _identities = parts.Ledger.Replay
            ?? throw new ArgumentException("The processor decides itself what numbers stand for.", nameof(parts));
        Sequence = _ring.Slots.Sequencer.Cursor.Value;
        _identities.MoveTo(Sequence + 1);
        _remade = newRemade?.Invoke(_identities);
    }

    /// <summary>The last slot that was handled; -1 for none. Any thread.</summary>
    public long Sequence { get => Volatile.Read(ref field); private set => Volatile.Write(ref field, value); }

    /// <summary>Whether the input has ended: nothing may follow.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Takes records of the side log. They may come before slots that they are not for.</summary>
    /// <exception cref="StateException">They are damaged, or do not follow from what was told before.</exception>
    public void AddRecords(ReadOnlySpan<byte> records) => _identities.Add(records);

    /// <summary>
    /// Whether all records are there that slots need: the outcome of a retirement is told only after its slot.
    /// </summary>
    public bool HasRecordsOf(in EventView slots)
    {
        for (var index = 0; index < slots.Count; index++)
        {
            ref readonly var slot = ref slots.SlotAt(index);
            if (slot.Kind == SlotKind.KeyRetiring && slots.FirstSequence + index > Sequence
                && !ColumnOf(slot).HasOutcome(slots.FirstSequence + index))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Handles slots, and delivers what they fire. Those that were handled before are left out. A retirement whose
    /// outcome was not told keeps the key.
    /// </summary>
    /// <exception cref="StateException">They do not follow the last ones, or cannot be.</exception>
    /// <exception cref="PipelineException">A stage failed, or a sink.</exception>
    public void Handle(EventView slots)
    {
        var handled = (int)Math.Clamp(Sequence + 1 - slots.FirstSequence, 0, slots.Count);
        slots = slots.Slice(handled, slots.Count - handled);
        if (slots.Count == 0)
            return;
        if (slots.FirstSequence != Sequence + 1)
        {
            throw new StateException(
                $"Slot {slots.FirstSequence} follows on slot {Sequence}: those between are missing; restore them from "
                + "a copy.");
        }

        while (slots.Count > 0)
        {
            var next = slots.FirstSequence;
            if (_identities.NextSequence <= next)
                _identities.MoveTo(next);
            var most = Math.Min(slots.Count, _identities.NextSequence - next);
            var part = slots.Slice(0, (int)most);
            var taken = Publish(_remade is null ? part : _remade.Next(part));
            if (!_identities.Sources.Positions.IsEmpty)
                _identities.Sources.Positions.Count(slots.Slice(0, taken));
            slots = slots.Slice(taken, slots.Count - taken);
            Sequence += taken;
        }
    }

    /// <summary>Another process goes on behind the last slot: what was told of later ones never happened.</summary>
    public void Restart() => _identities.Restart(Sequence + 1);

    /// <summary>What was told of later slots. Added to an engine that goes on here, it comes to the same.</summary>
    public byte[] WaitingRecords()
    {
        // All slots so far are handled, and their results delivered.
        _identities.MoveTo(Sequence + 1);
        var records = new ArrayBufferWriter<byte>();
        _identities.SaveWaiting(records);
        return records.WrittenSpan.ToArray();
    }

    /// <summary>Writes the state as it is behind the last slot.</summary>
    public void Save(Stream stream)
    {
        _identities.MoveTo(Sequence + 1);
        _parts.Saver.Save(stream, Sequence);
    }

    /// <summary>How many results each query has given, in the order of the plan.</summary>
    public long[] Numbers()
    {
        var numbers = new long[_parts.Queries.Count];
        for (var query = 0; query < numbers.Length; query++)
            numbers[query] = _parts.Queries[query].Delivery.LastNumber;
        return numbers;
    }

    /// <summary>How many dropped events each query has given, in the order of the plan.</summary>
    public long[] Dropped()
    {
        var dropped = new long[_parts.Queries.Count];
        for (var query = 0; query < dropped.Length; query++)
            dropped[query] = _parts.Queries[query].Delivery.DroppedNumber;
        return dropped;
    }

    /// <summary>
    /// Windows in which a metric had failed, and that have begun anew, as no metric is left that can fail.
    /// </summary>
    public long ForgottenFailures
    {
        get
        {
            var count = 0L;
            foreach (var query in _parts.Queries)
            {
                foreach (var shard in query.State.Shards)
                    count += shard.Context.Plan.ForgottenFailures;
            }

            return count;
        }
    }

    /// <summary>Which results have arrived at their sinks, as the journal tells it.</summary>
    public long[] Arrived() => ArrivedResults.Of(_parts.Queries);

    /// <summary>Ends the input behind the last slot: what is open fires, and is partial.</summary>
    /// <exception cref="PipelineException">A stage failed, or a sink.</exception>
    public void EndInput()
    {
        _parts.RuntimeParts.Outputs.EndAt(Sequence + 1);
        _identities.MoveTo(Sequence + 1);
        _ring.PublishAs(_ring.ClaimReplayed(1), SlotKind.EndOfInput);
        Sequence++;
        HasEnded = true;
    }

    /// <summary>The last call of each sink: all was delivered, and nothing more comes.</summary>
    /// <exception cref="Emission.SinkException">A sink failed, and its policy says stop.</exception>
    public void Complete() =>
        _parts.RuntimeParts.Outputs.CompleteAsync(failure: null, Sequence).GetAwaiter().GetResult();

    /// <summary>Waits until the sinks have all that was delivered.</summary>
    public void Drain() => _parts.RuntimeParts.Outputs.DrainAsync(Sequence).GetAwaiter().GetResult();

    /// <summary>
    /// No processor follows that would do it: sinks that were told that they begin get their last call. Never throws.
    /// </summary>
    /// <param name="failure">Why.</param>
    public void EndSinks(Exception failure)
    {
        // One that has failed does so itself, on a thread of its own: the caller finds its sinks ended all the same.
        if (_parts.RuntimeParts.Fault.IsFaulted)
        {
            WaitFor(_parts.Runtime.Completion);
            return;
        }

        // Not on this thread: a host may have it wait for what the sinks go on with.
        var outputs = _parts.RuntimeParts.Outputs;
        WaitFor(Task.Run(() => outputs.CompleteAsync(failure, Sequence)));
        outputs.CloseForGood();
    }

    /// <summary>Frees the state. Sinks are not told of an end.</summary>
    public void Dispose()
    {
        _remade?.Dispose();

        // One that has failed frees itself.
        if (!_parts.RuntimeParts.Fault.IsFaulted)
            _parts.RuntimeParts.Execution.Dispose();
    }

    private void WaitFor(Task end)
    {
        try
        {
            end.WaitAsync(_parts.RuntimeParts.ShutdownTimeout).GetAwaiter().GetResult();
        }
        catch (Exception)
        {
            // The first failure is the one to tell.
        }
    }

    private KeyReplayer ColumnOf(in EventSlot slot) => slot.SourceId < _identities.Columns.Count
        ? _identities.Columns[slot.SourceId]
        : throw new StateException(
            $"A slot retires a key number {slot.SourceId}, and an event has {_identities.Columns.Count} of them; the "
            + "journal is that of another processor.");

    private int Publish(in EventView slots)
    {
        var range = _ring.ClaimReplayed(slots.Count);
        var copied = _ring.Slots.Fill(range, slots);
        for (var index = 0; index < copied.Count; index++)
        {
            ref var slot = ref copied.SlotAt(index);
            if (slot.Kind != SlotKind.Event)
                Prepare(ref slot, range.First + index);
        }

        _ring.Publish(range);
        return range.Count;
    }

    private void Prepare(ref EventSlot slot, long sequence)
    {
        if (slot.Kind == SlotKind.Sourced)
        {
            throw new StateException(
                $"Slot {sequence} is an event of the source '{_identities.Sources.NameOf(slot.SourceId)}', of which "
                + "only the order is kept: it can be handled again only by a program that reads the source; build the "
                + "processor with ReadFrom, as it was.");
        }

        if (slot.Kind > SlotKind.Filtered)
        {
            throw new StateException(
                $"Slot {sequence} is of the kind {(int)slot.Kind}, which this release does not know; use the release "
                + "that wrote it, or a newer one.");
        }

        // The stages are not to stop where another process did.
        if (slot.Kind == SlotKind.Stop)
            slot = new EventSlot { Kind = SlotKind.Void };
        HasEnded |= slot.Kind == SlotKind.EndOfInput;
    }
}
