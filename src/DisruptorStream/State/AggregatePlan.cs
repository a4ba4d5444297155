using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.State.Columns;
using DisruptorStream.State.Columns.Values;

namespace DisruptorStream.State;

/// <summary>
/// The metrics, compiled: the memory of one record, and the kernels that fold events into it and read it.
/// </summary>
/// <remarks>
/// One plan per shard, used by its thread: the kernels keep no state, but the failure log has one writer. A record is
/// valid on any address that is a multiple of 8; on a multiple of 32 its vectors never straddle a cache line.
/// </remarks>
internal sealed unsafe class AggregatePlan
{
    /// <summary>The largest record, so that 64 of them fit a slab.</summary>
    public const int MaxRecordBytes = 4096;

    private readonly Column[] _columns;
    private readonly Column[] _columnOfMetric;
    private readonly MetricKind[] _kindOfMetric;
    private readonly FailureMarks _marks;
    private readonly byte[] _initialRecord;

    private AggregatePlan(IReadOnlyList<MetricDefinition> metrics, ColumnPlanner planner, FailureMarks marks)
    {
        _marks = marks;
        _columnOfMetric = planner.Plan(metrics);
        _columns = [.. planner.Columns];
        CanFail = planner.CanFail;
        HasUserCode = planner.HasUserCode;
        RecordBytes = LayOut();
        _kindOfMetric = new MetricKind[metrics.Count];
        var infos = new MetricInfo[metrics.Count];
        for (var index = 0; index < infos.Length; index++)
        {
            _kindOfMetric[index] = metrics[index].Kind;
            infos[index] = new MetricInfo(metrics[index].Name, metrics[index].ResultType);
        }

        Metrics = infos;
        Columns = Describe(metrics);
        _initialRecord = GC.AllocateArray<byte>(RecordBytes, pinned: true);
        foreach (var column in _columns)
            column.Initialize((byte*)Unsafe.AsPointer(ref _initialRecord[0]));
    }

    /// <summary>A multiple of 8; of 32 when the record has a vector column.</summary>
    public int RecordBytes { get; }

    /// <summary>The metrics, in the order in which they were asked for.</summary>
    public IReadOnlyList<MetricInfo> Metrics { get; }

    /// <summary>The accumulators and the metrics that each serves, for people.</summary>
    public IReadOnlyList<ColumnInfo> Columns { get; }

    /// <summary>True when user code runs on the records.</summary>
    public bool HasUserCode { get; }

    /// <summary>
    /// True when a record can be marked as failed: it has user code, or an integer sum that may not fit.
    /// </summary>
    public bool CanFail { get; }

    public FailureLog Failures => _marks.Log;

    /// <summary>The record before any event: the identity of <see cref="Merge"/>, bit for bit.</summary>
    public ReadOnlySpan<byte> InitialRecord => _initialRecord;

    /// <summary>
    /// Compiles the metrics. A user's initial state is made here, once; what it throws is the caller's.
    /// </summary>
    /// <exception cref="ArgumentException">There is no metric, or the record would be too large.</exception>
    public static AggregatePlan Compile(IReadOnlyList<MetricDefinition> metrics, NonFinitePolicy policy)
    {
        if (metrics.Count == 0)
        {
            throw new ArgumentException(
                "There is no metric to aggregate; ask for at least one, such as a count.", nameof(metrics));
        }

        var marks = new FailureMarks();
        var plan = new AggregatePlan(metrics, new ColumnPlanner(policy, marks), marks);
        return plan.RecordBytes <= MaxRecordBytes ? plan : throw new ArgumentException(
            $"The metrics need {plan.RecordBytes} bytes for each key and window, and {MaxRecordBytes} is the most; "
            + "ask for fewer metrics, or make the states of your own aggregates smaller.",
            nameof(metrics));
    }

    /// <summary>Makes the record that of no event.</summary>
    public void Initialize(byte* record) => InitialRecord.CopyTo(new Span<byte>(record, RecordBytes));

    /// <summary>Folds event i into records[i], column by column, each in slot order.</summary>
    public void Accumulate(in EventView events, nint* records)
    {
        foreach (var column in _columns)
            column.Accumulate(in events, records);
    }

    /// <summary>Folds the record of a later slice in. The other record is not changed.</summary>
    public void Merge(byte* into, byte* later)
    {
        if (CanFail && !_marks.Merge(into, later))
            return;

        foreach (var column in _columns)
            column.Merge(into, later);
    }

    /// <summary>
    /// Writes the metrics' values, 64 bits each, in their order. When the record has failed, or fails now, every
    /// value is missing (NaN, or 0 for an integer) and <see cref="FailureOf"/> says why. Reading changes no later
    /// result.
    /// </summary>
    public void Read(byte* record, Span<long> values)
    {
        if (CanFail)
        {
            ReadGuarded(record, values);
            return;
        }

        ReadColumns(record, values);
    }

    /// <summary>
    /// The index of the record's failure in <see cref="Failures"/>, or -1. Ask after <see cref="Read"/>.
    /// </summary>
    public int FailureOf(byte* record) => CanFail ? _marks.IndexOf(record) : -1;

    private void ReadColumns(byte* record, Span<long> values)
    {
        var columns = _columnOfMetric;
        for (var index = 0; index < columns.Length; index++)
            values[index] = columns[index].Read(record, _kindOfMetric[index]);
    }

    private void ReadGuarded(byte* record, Span<long> values)
    {
        _marks.ClearRead(record);
        try
        {
            if (!_marks.HasFailed(record))
            {
                ReadColumns(record, values);
                return;
            }
        }
        catch (Exception exception)
        {
            _marks.FailRead(record, exception);
        }

        for (var index = 0; index < _columnOfMetric.Length; index++)
            values[index] = MetricBits.Missing(Metrics[index].Type);
    }

    private int LayOut()
    {
        var offset = 0;
        foreach (var column in _columns)
        {
            column.Offset = offset;
            offset += column.SizeBytes;
        }

        _marks.Offset = offset;
        if (CanFail)
            offset += FailureMarks.SizeBytes;
        var alignmentBytes = _columns[0].IsVector ? 32 : 8;
        return (offset + alignmentBytes - 1) & -alignmentBytes;
    }

    private ColumnInfo[] Describe(IReadOnlyList<MetricDefinition> metrics)
    {
        var infos = new ColumnInfo[_columns.Length];
        for (var index = 0; index < infos.Length; index++)
        {
            var names = new List<string>();
            for (var metric = 0; metric < metrics.Count; metric++)
            {
                if (_columnOfMetric[metric] == _columns[index])
                    names.Add(metrics[metric].Name);
            }

            infos[index] = new ColumnInfo(_columns[index].Name, _columns[index].SizeBytes, names);
        }

        return infos;
    }
}
