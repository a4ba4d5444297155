using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators;

/// <summary>One accumulator of every record, and the kernel that folds a run of events into it.</summary>
/// <remarks>Virtual calls are per run or per record read, never per event. Owned by the plan of one shard.</remarks>
internal abstract unsafe class Accumulator
{
    protected Accumulator(AccumulatorIdentity identity, int sizeBytes, bool countsEvents)
    {
        Identity = identity;
        SizeBytes = sizeBytes;
        CountsEvents = countsEvents;
    }

    /// <summary>What it is and of which measure; unique within a plan.</summary>
    public AccumulatorIdentity Identity { get; }

    public int SizeBytes { get; }

    /// <summary>
    /// True when its count lane is the number of events, so that the count metric can be read from it.
    /// </summary>
    public bool CountsEvents { get; }

    /// <summary>True for a vector, which lies on a 32-byte boundary so that it never straddles a cache line.</summary>
    public virtual bool IsVector => false;

    /// <summary>Whether it has a loop that finds the records as it goes.</summary>
    public virtual bool FindsRecords => false;

    /// <summary>
    /// The most bytes of blocks that a record may hold outside of itself. Where it is not 0, copying a record takes
    /// <see cref="Duplicate"/>, and forgetting one <see cref="Release"/>.
    /// </summary>
    public virtual int MaxBlockBytes => 0;

    /// <summary>What a merge costs beyond one of plain numbers, in panes of those.</summary>
    public virtual int PanesPerMerge => 0;

    /// <summary>Where it lies in the record; set once, by the plan.</summary>
    public virtual int Offset { get; set; }

    /// <summary>Writes the state before any event, which holds no block.</summary>
    public abstract void Initialize(byte* record);

    /// <summary>Folds each event into its record, in slot order.</summary>
    public abstract void Accumulate(in EventView events, nint* records);

    /// <summary>As <see cref="Accumulate"/>, where all records are the same one.</summary>
    public virtual void AccumulateOne(in EventView events, nint* records) => Accumulate(in events, records);

    /// <summary>
    /// As <see cref="Accumulate"/>, marking keys and finding records as it goes, up to the first id beyond the array's
    /// range; returns how many events that was. Only where <see cref="FindsRecords"/>.
    /// </summary>
    public virtual int AccumulateInto(in KeyArray keys, in EventView events) =>
        throw new NotSupportedException($"The accumulator {Identity} finds no records itself.");

    /// <summary>
    /// As the other one, where events before a time find their records in another array. All lie within half of the
    /// range of time.
    /// </summary>
    public virtual int AccumulateInto(in KeyArray keys, in KeyArray olderKeys, long split, in EventView events) =>
        throw new NotSupportedException($"The accumulator {Identity} finds no records itself.");

    /// <summary>Folds the state of a later slice in.</summary>
    public abstract void Merge(byte* into, byte* later);

    /// <summary>Whether <see cref="Prepare"/> is called, which it always is where it has blocks.</summary>
    public virtual bool IsPrepared => MaxBlockBytes > 0;

    /// <summary>
    /// Called before the metrics of a record are read, once for all of them: does what they have in common. Returns
    /// what reading them costs beyond a pane of plain numbers, in such panes.
    /// </summary>
    public virtual int Prepare(byte* record) => 0;

    /// <summary>A metric's 64 bits.</summary>
    public abstract long Read(byte* record, in MetricQuery query);

    /// <summary>A metric's 64 bits of many records.</summary>
    /// <param name="records">The records.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="query">The metric.</param>
    /// <param name="values">Where the first one goes.</param>
    /// <param name="stride">From one record's value to the next one's.</param>
    public virtual void ReadEach(nint* records, int count, in MetricQuery query, ref long values, nint stride)
    {
        for (nint index = 0; index < count; index++)
            Unsafe.Add(ref values, index * stride) = Read((byte*)records[index], in query);
    }

    /// <summary>The 64 bits of several metrics of many records, record after record.</summary>
    /// <param name="records">The records.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="queries">The metrics.</param>
    /// <param name="values">Where they go.</param>
    public virtual void ReadRows(nint* records, int count, ReadOnlySpan<MetricQuery> queries, Span<long> values)
    {
        for (var index = 0; index < queries.Length; index++)
            ReadEach(records, count, in queries[index], ref values[index], queries.Length);
    }

    /// <summary>Gives the blocks of a record back; its state means nothing afterwards.</summary>
    public virtual void Release(byte* record)
    {
    }

    /// <summary>Gives a record whose bytes were just copied from another one blocks of its own.</summary>
    public virtual void Duplicate(byte* record)
    {
    }

    /// <summary>Whether not all bytes make a state.</summary>
    public virtual bool IsChecked => false;

    /// <summary>Whether a state whose bytes were read can have been saved.</summary>
    public virtual bool IsValid(byte* record) => true;

    /// <summary>
    /// Writes what the state means: of equal states the same bytes, whatever blocks they lie in. Without blocks, its
    /// own bytes.
    /// </summary>
    public virtual void Save(StateWriter writer, byte* record)
    {
        ThrowIfItHasBlocks();
        writer.WriteBytes(new ReadOnlySpan<byte>(record + Offset, SizeBytes));
    }

    /// <summary>Makes the state of no event what was saved.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public virtual void Load(StateReader reader, byte* record)
    {
        ThrowIfItHasBlocks();
        reader.ReadBytes(new Span<byte>(record + Offset, SizeBytes));
    }

    private void ThrowIfItHasBlocks()
    {
        if (MaxBlockBytes > 0)
            throw new NotSupportedException($"The accumulator {Identity} has blocks and does not say how it is saved.");
    }
}
