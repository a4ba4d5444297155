using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DisruptorStream.Aggregation.Derived;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.State.Accumulators;
using DisruptorStream.State.Accumulators.Moments;
using DisruptorStream.State.Accumulators.Sketches.Weights;
using DisruptorStream.State.Accumulators.Values;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State;

/// <summary>
/// The metrics, compiled: the memory of one record, and the kernels that fold events into it and read it.
/// </summary>
/// <remarks>
/// One plan per shard, used by its thread: its blocks and its failure log have one writer. A record is
/// valid on any address that is a multiple of 8; on a multiple of 32 its vectors never straddle a cache line.
/// </remarks>
internal sealed unsafe partial class AggregatePlan : IDisposable
{
    /// <summary>The largest record, so that 64 of them fit a slab.</summary>
    public const int MaxRecordBytes = 4096;

    private readonly Accumulator[] _accumulators;
    private readonly Accumulator[] _prepared;

    // Null where a metric is made of others.
    private readonly Accumulator?[] _accumulatorOfMetric;
    private readonly MetricQuery[] _queryOfMetric;

    // What is read of the records: for a rate, the count.
    private readonly MetricQuery[] _rowQueries;

    private readonly DerivedMetrics? _derived;
    private readonly FailureMarks _marks;
    private readonly BlockPool _blocks;
    private readonly byte[] _initialRecord;
    private readonly int _panesPerMerge;
    private int _extraPanes;

    private AggregatePlan(
        IReadOnlyList<MetricDefinition> metrics, AccumulatorContext context, AccumulatorPins pins)
    {
        _marks = context.Marks;
        NegativeWeights = context.Negative;
        _blocks = context.Blocks;
        var planner = new AccumulatorPlanner(context, pins);
        _accumulatorOfMetric = planner.Plan(metrics);
        _accumulators = [.. planner.Accumulators];
        _prepared = Array.FindAll(_accumulators, accumulator => accumulator.IsPrepared);
        CanFail = planner.CanFail;
        HasUserCode = planner.HasUserCode;
        RecordBytes = PlaceAccumulators();
        foreach (var accumulator in _accumulators)
        {
            MaxBlockBytes += accumulator.MaxBlockBytes;
            _panesPerMerge += accumulator.PanesPerMerge;
        }

        _queryOfMetric = new MetricQuery[metrics.Count];
        var infos = new MetricInfo[metrics.Count];
        for (var index = 0; index < infos.Length; index++)
        {
            _queryOfMetric[index] = metrics[index].Query;
            infos[index] = new MetricInfo(metrics[index].Name, metrics[index].ResultType, metrics[index].IsCount);
        }

        _rowQueries = Array.ConvertAll(_queryOfMetric, RowQueryOf);
        _derived = Array.IndexOf(_accumulatorOfMetric, null) < 0 ? null : new DerivedMetrics(metrics);
        Metrics = infos;
        Layout = new AccumulatorLayout(RecordBytes, MaxBlockBytes, CanFail, Describe(metrics));
        _initialRecord = GC.AllocateArray<byte>(RecordBytes, pinned: true);
        foreach (var accumulator in _accumulators)
            accumulator.Initialize((byte*)Unsafe.AsPointer(ref _initialRecord[0]));
    }

    /// <summary>A multiple of 8; of 32 when the record has a vector accumulator.</summary>
    public int RecordBytes { get; }

    /// <summary>The metrics, in the order in which they were asked for.</summary>
    public IReadOnlyList<MetricInfo> Metrics { get; }

    /// <summary>The accumulators of a record, and the metrics that each serves.</summary>
    public AccumulatorLayout Layout { get; }

    /// <summary>True when user code runs on the records.</summary>
    public bool HasUserCode { get; }

    /// <summary>
    /// True when a record can be marked as failed: it has user code, or an integer sum that may not fit.
    /// </summary>
    public bool CanFail { get; }

    /// <summary>Whether one pass over the events can find the records and fold them in.</summary>
    public bool FindsRecords => _accumulators.Length == 1 && _accumulators[0].FindsRecords;

    /// <summary>
    /// The most bytes that a record may hold outside of itself, in blocks; where it is not 0, records are copied and
    /// forgotten with the methods here.
    /// </summary>
    public int MaxBlockBytes { get; }

    /// <summary>All memory taken for blocks, in use or not.</summary>
    public long BlockBytesReserved => _blocks.BytesReserved;

    /// <summary>The bytes of the blocks that records hold.</summary>
    public long BlockBytesInUse => _blocks.BytesInUse;

    /// <summary>
    /// Whether the records are moments of the first measure and nothing else, so that an event may be folded in as soon
    /// as its record is located.
    /// </summary>
    public bool IsMomentsAlone =>
        RecordBytes == Vector256<byte>.Count
        && _accumulators is [MomentsAccumulator<DoubleReading> { MeasureIndex: 0 }];

    public FailureLog Failures => _marks.Log;

    /// <summary>The events that weighted metrics left out.</summary>
    public NegativeWeights NegativeWeights { get; }

    /// <summary>
    /// Whether merged records are made of others that are kept, and made again when they are asked for: then what fails
    /// in them is no part of the state.
    /// </summary>
    public bool MergesAreDerived { get; set; }

    /// <summary>The record before any event: the identity of <see cref="Merge"/>, bit for bit.</summary>
    public ReadOnlySpan<byte> InitialRecord => _initialRecord;

    /// <summary>
    /// Compiles the metrics. A user's initial state is made here, once; what it throws is the caller's.
    /// </summary>
    /// <param name="metrics">At least one.</param>
    /// <param name="policy">What becomes of measures that are no numbers.</param>
    /// <param name="failures">Keeps what user code throws; null for a log of its own.</param>
    /// <param name="pins">Which metrics are read from what was saved; null for none.</param>
    /// <exception cref="ArgumentException">There is no metric, or the record would be too large.</exception>
    public static AggregatePlan Compile(
        IReadOnlyList<MetricDefinition> metrics,
        NonFinitePolicy policy,
        FailureLog? failures = null,
        AccumulatorPins? pins = null)
    {
        if (metrics.Count == 0)
        {
            throw new ArgumentException(
                "There is no metric to aggregate; ask for at least one, such as a count.", nameof(metrics));
        }

        var marks = new FailureMarks(failures ?? new FailureLog());
        var context = new AccumulatorContext(policy, marks, new NegativeWeights(), new BlockPool());
        var plan = new AggregatePlan(metrics, context, pins ?? AccumulatorPins.None);
        return plan.RecordBytes <= MaxRecordBytes ? plan : throw new ArgumentException(
            $"The metrics need {plan.RecordBytes} bytes for each key and window, and {MaxRecordBytes} is the most; "
            + "ask for fewer metrics, or make the states of your own aggregates smaller.",
            nameof(metrics));
    }

    /// <summary>The record that these metrics need; no memory is taken for it.</summary>
    /// <inheritdoc cref="Compile" path="/exception"/>
    public static AccumulatorLayout LayOut(
        IReadOnlyList<MetricDefinition> metrics, NonFinitePolicy policy, AccumulatorPins? pins = null)
    {
        using var plan = Compile(metrics, policy, failures: null, pins);
        return plan.Layout;
    }

    /// <summary>Makes fresh memory the record of no event.</summary>
    public void Initialize(byte* record) => InitialRecord.CopyTo(new Span<byte>(record, RecordBytes));

    /// <summary>Makes a record that of no event.</summary>
    public void Reset(byte* record)
    {
        Release(record);
        Initialize(record);
    }

    /// <summary>Gives back what the record holds outside of itself; only its memory is left.</summary>
    public void Release(byte* record)
    {
        if (MaxBlockBytes == 0)
            return;

        foreach (var accumulator in _accumulators)
            accumulator.Release(record);
    }

    /// <summary>Makes fresh memory a copy of a record.</summary>
    public void Copy(byte* record, byte* into)
    {
        Buffer.MemoryCopy(record, into, RecordBytes, RecordBytes);
        if (MaxBlockBytes == 0)
            return;

        foreach (var accumulator in _accumulators)
            accumulator.Duplicate(into);
    }

    /// <summary>Makes a record a copy of another one.</summary>
    public void Replace(byte* record, byte* into)
    {
        Release(into);
        Copy(record, into);
    }

    /// <summary>Frees the blocks of all records.</summary>
    public void Dispose()
    {
        _blocks.Dispose();
        _translation?.Dispose();
        foreach (var accumulator in _accumulators)
            (accumulator as IDisposable)?.Dispose();
    }

    /// <summary>Folds event i into records[i], accumulator by accumulator, each in slot order.</summary>
    public void Accumulate(in EventView events, nint* records)
    {
        foreach (var accumulator in _accumulators)
            accumulator.Accumulate(in events, records);
    }

    /// <summary>As <see cref="Accumulate"/>, where all records are the same one.</summary>
    public void AccumulateOne(in EventView events, nint* records)
    {
        foreach (var accumulator in _accumulators)
            accumulator.AccumulateOne(in events, records);
    }

    /// <summary>
    /// As <see cref="Accumulate"/>, marking keys and finding records as it goes, up to the first id beyond the array's
    /// range; returns how many events that was. Only where <see cref="FindsRecords"/>.
    /// </summary>
    public int AccumulateInto(in KeyArray keys, in EventView events) =>
        _accumulators[0].AccumulateInto(in keys, in events);

    /// <summary>As the other one, where events before a time find their records in another array.</summary>
    public int AccumulateInto(in KeyArray keys, in KeyArray olderKeys, long split, in EventView events) =>
        _accumulators[0].AccumulateInto(in keys, in olderKeys, split, in events);

    /// <summary>Folds the record of a later slice in. The other record is not changed.</summary>
    public void Merge(byte* into, byte* later)
    {
        if (CanFail && !_marks.Merge(into, later))
            return;

        _marks.Log.IsDerived = MergesAreDerived;
        foreach (var accumulator in _accumulators)
            accumulator.Merge(into, later);
        _marks.Log.IsDerived = false;
        _extraPanes += _panesPerMerge;
    }

    /// <summary>
    /// Writes the metrics' values, 64 bits each, in their order. When the record has failed, or fails now, every
    /// value is missing (NaN, or 0 for an integer) and <see cref="FailureOf"/> says why. Reading changes no later
    /// result.
    /// </summary>
    /// <param name="record">The record.</param>
    /// <param name="spanTicks">How long its window is, for rates.</param>
    /// <param name="values">Where the values go.</param>
    public void Read(byte* record, long spanTicks, Span<long> values)
    {
        if (CanFail)
        {
            ReadGuarded(record, spanTicks, values);
            return;
        }

        ReadAccumulators(record, spanTicks, values);
    }

    /// <summary>As <see cref="Read"/>, for records whose values go one behind the other.</summary>
    /// <param name="records">The records.</param>
    /// <param name="spansTicks">How long the window of each is, for rates; or one for all of them.</param>
    /// <param name="values">Where the values go.</param>
    /// <param name="failures">For each record where the failure is kept, or -1; tells how many there are.</param>
    public void ReadEach(nint* records, ReadOnlySpan<long> spansTicks, Span<long> values, Span<int> failures)
    {
        var width = _accumulatorOfMetric.Length;
        if (!CanFail && MaxBlockBytes == 0)
        {
            failures.Fill(-1);
            ReadRows(records, spansTicks, values[..(failures.Length * width)], failures.Length);
            return;
        }

        for (var index = 0; index < failures.Length; index++)
        {
            var record = (byte*)records[index];
            Read(record, spansTicks[spansTicks.Length > 1 ? index : 0], values.Slice(index * width, width));
            failures[index] = FailureOf(record);
        }
    }

    /// <summary>What was read and merged since the last call costs beyond panes of plain numbers, in panes.</summary>
    public int TakeExtraPanes()
    {
        var extra = _extraPanes;
        _extraPanes = 0;
        return extra;
    }

    /// <summary>
    /// The index of the record's failure in <see cref="Failures"/>, or -1. Ask after <see cref="Read"/>.
    /// </summary>
    public int FailureOf(byte* record) => CanFail ? _marks.IndexOf(record) : -1;

    private int PlaceAccumulators()
    {
        var offset = 0;
        foreach (var accumulator in _accumulators)
        {
            accumulator.Offset = offset;
            offset += accumulator.SizeBytes;
        }

        _marks.Offset = offset;
        if (CanFail)
            offset += FailureMarks.SizeBytes;
        var alignmentBytes = _accumulators[0].IsVector ? 32 : 8;
        return (offset + alignmentBytes - 1) & -alignmentBytes;
    }

    private AccumulatorInfo[] Describe(IReadOnlyList<MetricDefinition> metrics)
    {
        var infos = new AccumulatorInfo[_accumulators.Length];
        for (var index = 0; index < infos.Length; index++)
        {
            var names = new List<string>();
            for (var metric = 0; metric < metrics.Count; metric++)
            {
                if (_accumulatorOfMetric[metric] == _accumulators[index])
                    names.Add(metrics[metric].Name);
            }

            infos[index] = new AccumulatorInfo(
                _accumulators[index].Identity,
                _accumulators[index].SizeBytes,
                _accumulators[index].MaxBlockBytes,
                names)
            {
                CountsEvents = _accumulators[index].CountsEvents,
            };
        }

        return infos;
    }
}
