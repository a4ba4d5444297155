using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.State.Columns.Values;

namespace DisruptorStream.State.Columns;

/// <summary>Finds the fewest columns that serve all metrics: one of a kind for each measure, shared by name.</summary>
internal sealed class ColumnPlanner : IMetricVisitor
{
    private readonly NonFinitePolicy _policy;
    private readonly FailureMarks _marks;
    private readonly HashSet<int> _measuresWithExtremes = [];
    private readonly List<Column> _columns = [];
    private readonly List<Column?> _columnOfMetric = [];

    public ColumnPlanner(NonFinitePolicy policy, FailureMarks marks)
    {
        _policy = policy;
        _marks = marks;
    }

    /// <summary>The columns, each once, in the order in which they are laid out: vectors first.</summary>
    public IReadOnlyList<Column> Columns => _columns;

    /// <summary>True when a record can fail: it has user code, or an integer sum that may not fit.</summary>
    public bool CanFail { get; private set; }

    public bool HasUserCode { get; private set; }

    /// <summary>Returns the column that each metric reads, in the order of the metrics.</summary>
    public Column[] Plan(IReadOnlyList<MetricDefinition> metrics)
    {
        foreach (var metric in metrics)
        {
            if (metric is MeasureMetric { Kind: MetricKind.Min or MetricKind.Max } extreme)
                _measuresWithExtremes.Add(extreme.Measure.Index);
        }

        foreach (var metric in metrics)
            metric.Accept(this);

        var columnOfMetric = new Column[metrics.Count];
        for (var index = 0; index < columnOfMetric.Length; index++)
            columnOfMetric[index] = _columnOfMetric[index] ?? CountingColumn();

        // By name, which is unique, so that the layout does not depend on the order in which the metrics were asked
        // for.
        _columns.Sort((left, right) => left.IsVector == right.IsVector
            ? string.CompareOrdinal(left.Name, right.Name)
            : right.IsVector.CompareTo(left.IsVector));
        return columnOfMetric;
    }

    public void VisitCount(CountMetric metric) => _columnOfMetric.Add(null);

    public void VisitMeasure(MeasureMetric metric) => _columnOfMetric.Add(metric.Kind switch
    {
        MetricKind.Sum or MetricKind.Average => Sum(metric.Measure, canOverflow: metric.Kind == MetricKind.Sum),
        MetricKind.Min or MetricKind.Max => Extremes(metric.Measure),
        MetricKind.First => State<FirstValue>("first", metric.Measure),
        MetricKind.Last => State<LastValue>("last", metric.Measure),
        _ => Spread(metric.Measure),
    });

    public void VisitCustom<TAggregate, TState>(CustomMetric<TAggregate, TState> metric)
        where TAggregate : struct, IAggregate<TState>
        where TState : unmanaged
    {
        HasUserCode = CanFail = true;
        var name = $"{typeof(TAggregate).Name} as {metric.Name}({metric.Measure.Name})";
        _columnOfMetric.Add(AddColumn(SkipsNonFinite(metric.Measure)
            ? new CustomColumn<TAggregate, TState, FiniteReading>(name, metric.Measure, _marks)
            : new CustomColumn<TAggregate, TState, DoubleReading>(name, metric.Measure, _marks)));
    }

    private Column Sum(MeasureDefinition measure, bool canOverflow)
    {
        if (measure.Type == MeasureType.Double)
        {
            return _measuresWithExtremes.Contains(measure.Index) ? Moments(measure) : State<DoubleSum>(
                "sum", measure, counts: true);
        }

        CanFail |= canOverflow;
        return State<Int64Sum>("sum", measure, counts: true);
    }

    private Column Extremes(MeasureDefinition measure) =>
        measure.Type == MeasureType.Double ? Moments(measure) : State<Int64Extremes>("extremes", measure);

    private Column Moments(MeasureDefinition measure)
    {
        var name = $"moments({measure.Name})";
        return Find(name) ?? AddColumn(SkipsNonFinite(measure)
            ? new MomentsColumn<FiniteReading>(name, measure.Index, countsEvents: false)
            : new MomentsColumn<DoubleReading>(name, measure.Index, countsEvents: true));
    }

    private Column Spread(MeasureDefinition measure) => measure.Type == MeasureType.Double
        ? State<Spread<DoubleReading>>("spread", measure, counts: true)
        : State<Spread<Int64Reading>>("spread", measure, counts: true);

    private Column State<TState>(string kind, MeasureDefinition measure, bool counts = false)
        where TState : unmanaged, IColumnState<TState>
    {
        var name = $"{kind}({measure.Name})";
        return Find(name) ?? AddColumn(SkipsNonFinite(measure)
            ? new StateColumn<TState, FiniteReading>(name, measure, countsEvents: false)
            : new StateColumn<TState, DoubleReading>(name, measure, counts));
    }

    private Column CountingColumn()
    {
        foreach (var column in _columns)
        {
            if (column.CountsEvents)
                return column;
        }

        return AddColumn(new StateColumn<EventCount, DoubleReading>("count", measure: null, countsEvents: true));
    }

    private Column? Find(string name)
    {
        foreach (var column in _columns)
        {
            if (string.Equals(column.Name, name, StringComparison.Ordinal))
                return column;
        }

        return null;
    }

    private Column AddColumn(Column column)
    {
        _columns.Add(column);
        return column;
    }

    private bool SkipsNonFinite(MeasureDefinition measure) =>
        _policy == NonFinitePolicy.IgnoreMeasure && measure.Type == MeasureType.Double;
}
