using System.Runtime.InteropServices;
using DisruptorStream.Aggregation.Filters;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.Saving;

namespace DisruptorStream.State.Accumulators;

/// <summary>An accumulator that takes only the events whose bit of a filter is set.</summary>
/// <remarks>
/// They are copied together first, each with its sequence, so that the kernel behind it stays a tight loop.
/// </remarks>
internal sealed unsafe class FilteredAccumulator : Accumulator, IDisposable
{
    private const int Block = 256;

    private readonly Accumulator _accumulator;
    private readonly MetricFilter _filter;
    private EventSlot* _slots;
    private long* _words;
    private long* _sequences;
    private nint* _records;
    private int _width = -1;

    /// <param name="accumulator">What takes them; its identity has the filter.</param>
    /// <param name="filter">The filter.</param>
    public FilteredAccumulator(Accumulator accumulator, MetricFilter filter)
        : base(accumulator.Identity, accumulator.SizeBytes, countsEvents: accumulator.CountsEvents)
    {
        _accumulator = accumulator;
        _filter = filter;
    }

    public override bool IsVector => _accumulator.IsVector;

    public override bool IsPrepared => _accumulator.IsPrepared;

    public override int MaxBlockBytes => _accumulator.MaxBlockBytes;

    public override int PanesPerMerge => _accumulator.PanesPerMerge;

    public override int Offset
    {
        get => _accumulator.Offset;
        set => _accumulator.Offset = value;
    }

    public override bool IsChecked => _accumulator.IsChecked;

    public override void Initialize(byte* record) => _accumulator.Initialize(record);

    public override void Accumulate(in EventView events, nint* records)
    {
        for (var start = 0; start < events.Count; start += Block)
        {
            var taken = Take(events.Slice(start, Math.Min(Block, events.Count - start)), records + start);
            if (taken.Count > 0)
                _accumulator.Accumulate(in taken, _records);
        }
    }

    public override void Merge(byte* into, byte* later) => _accumulator.Merge(into, later);

    public override int Prepare(byte* record) => _accumulator.Prepare(record);

    public override long Read(byte* record, in MetricQuery query) => _accumulator.Read(record, in query);

    public override void ReadEach(nint* records, int count, in MetricQuery query, ref long values, nint stride) =>
        _accumulator.ReadEach(records, count, in query, ref values, stride);

    public override void ReadRows(nint* records, int count, ReadOnlySpan<MetricQuery> queries, Span<long> values) =>
        _accumulator.ReadRows(records, count, queries, values);

    public override void Release(byte* record) => _accumulator.Release(record);

    public override void Duplicate(byte* record) => _accumulator.Duplicate(record);

    public override bool IsValid(byte* record) => _accumulator.IsValid(record);

    public override void Save(StateWriter writer, byte* record) => _accumulator.Save(writer, record);

    public override void Load(StateReader reader, byte* record) => _accumulator.Load(reader, record);

    public void Dispose()
    {
        NativeMemory.AlignedFree(_slots);
        NativeMemory.AlignedFree(_words);
        NativeMemory.AlignedFree(_sequences);
        NativeMemory.AlignedFree(_records);
        _slots = null;
        _words = null;
        _sequences = null;
        _records = null;
        _width = -1;
    }

    private EventView Take(in EventView events, nint* records)
    {
        var width = events.FurtherMeasureCount;
        if (width != _width)
            Allocate(width);
        var words = events.FurtherMeasures;
        var count = 0;
        for (var index = 0; index < events.Count; index++, words += width)
        {
            // The bits of the filters are the last word.
            if ((words[width - 1] >> _filter.Number & 1) == 0)
                continue;
            _slots[count] = events.Slots[index];
            _records[count] = records[index];
            _sequences[count] = events.SequenceOf(index);
            var copy = _words + ((long)count * width);
            for (var word = 0; word < width; word++)
                copy[word] = words[word];
            count++;
        }

        return new EventView(_slots, _words, width, events.FirstSequence, count, _sequences);
    }

    private void Allocate(int width)
    {
        Dispose();
        _width = width;
        _slots = (EventSlot*)NativeMemory.AlignedAlloc((nuint)(Block * sizeof(EventSlot)), 64);
        _words = (long*)NativeMemory.AlignedAlloc((nuint)(Block * width * sizeof(long)), 64);
        _sequences = (long*)NativeMemory.AlignedAlloc(Block * sizeof(long), 64);
        _records = (nint*)NativeMemory.AlignedAlloc((nuint)(Block * sizeof(nint)), 64);
    }
}
