using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.State.Columns.Pairs;
using DisruptorStream.State.Columns.Sums;
using DisruptorStream.State.Columns.Values;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Columns;

/// <summary>Finds the fewest columns that serve all metrics: one of a kind for each measure, shared by name.</summary>
internal sealed class ColumnPlanner : IMetricVisitor
{
    private readonly NonFinitePolicy _policy;
    private readonly FailureMarks _marks;
    private readonly BlockPool _blocks;
    private readonly HashSet<int> _measuresWithExtremes = [];
    private readonly HashSet<int> _measuresWithSpread = [];
    private readonly List<Column> _columns = [];
    private readonly List<Column?> _columnOfMetric = [];

    public ColumnPlanner(NonFinitePolicy policy, FailureMarks marks, BlockPool blocks)
    {
        _policy = policy;
        _marks = marks;
        _blocks = blocks;
    }

    /// <summary>The columns, each once, in the order in which they are laid out: vectors first.</summary>
    public IReadOnlyList<Column> Columns => _columns;

    /// <summary>
    /// True when a record can fail: it has user code, an integer sum that may not fit, or a bound on its values.
    /// </summary>
    public bool CanFail { get; private set; }

    public bool HasUserCode { get; private set; }

    /// <summary>Returns the column that each metric reads, in the order of the metrics.</summary>
    public Column[] Plan(IReadOnlyList<MetricDefinition> metrics)
    {
        foreach (var metric in metrics)
        {
            if (metric is not MeasureMetric measured)
                continue;
            if (measured.Kind is MetricKind.Min or MetricKind.Max or MetricKind.Range)
                _measuresWithExtremes.Add(measured.Measure.Index);
            else if (IsSpread(measured.Kind))
                _measuresWithSpread.Add(measured.Measure.Index);
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

    public void VisitMeasure(MeasureMetric metric)
    {
        var measure = metric.Measure;
        _columnOfMetric.Add(metric.Kind switch
        {
            MetricKind.Sum or MetricKind.Average => Sum(measure, canOverflow: metric.Kind == MetricKind.Sum),
            MetricKind.Min or MetricKind.Max or MetricKind.Range => Extremes(measure),
            MetricKind.First => State<FirstValue>("first", measure),
            MetricKind.Last => State<LastValue>("last", measure),
            MetricKind.SumOfSquares => Shared("squares", measure, MenuFor(measure).Squares),
            MetricKind.Skewness or MetricKind.Kurtosis => Shared("shape", measure, MenuFor(measure).Shape),
            MetricKind.ZScore => Shared("score", measure, MenuFor(measure).Score),
            _ => Spread(measure),
        });
    }

    public void VisitSum(SumMetric metric) => _columnOfMetric.Add(metric.Mode == SumMode.Exact
        ? State<ExactSum>("exact_sum", metric.Measure)
        : State<CompensatedSum>("compensated_sum", metric.Measure));

    public void VisitPair(PairMetric metric)
    {
        var (shown, by) = (metric.Measure, metric.By);
        var (columns, how) = (MenuFor(shown), MenuFor(by));
        var names = $"{shown.Name}, {by.Name}";
        _columnOfMetric.Add(metric.Kind switch
        {
            MetricKind.WeightedAverage => Shared(
                $"weighted({names})", name => columns.WeightedMean(name, shown, by, how)),
            MetricKind.ArgMax => Shared(
                $"at_largest({names})", name => columns.AtExtreme<Largest>(name, shown, by, how)),
            _ => Shared($"at_smallest({names})", name => columns.AtExtreme<Smallest>(name, shown, by, how)),
        });
    }

    public void VisitMovingAverage(MovingAverageMetric metric) => _columnOfMetric.Add(Shared(
        Invariant($"moving_average({metric.Measure.Name}, {metric.Alpha})"),
        name => MenuFor(metric.Measure).MovingAverage(name, metric.Measure, metric.Alpha)));

    public void VisitPercentile(PercentileMetric metric)
    {
        var (measure, mode) = (metric.Measure, metric.Mode);
        CanFail |= mode.IsExact;
        _columnOfMetric.Add(Shared(
            $"percentiles({measure.Name}, {mode})",
            name => mode.IsExact
                ? MenuFor(measure).Values(name, measure, _blocks, mode.MaxValues, _marks)
                : MenuFor(measure).Quantiles(name, measure, _blocks, mode.RelativeError)));
    }

    public void VisitDistinct(DistinctMetric metric) => _columnOfMetric.Add(Shared(
        Invariant($"distinct({metric.Measure.Name}, {metric.Precision})"),
        name => MenuFor(metric.Measure).Distinct(name, metric.Measure, _blocks, metric.Precision)));

    public void VisitTop(TopMetric metric) => _columnOfMetric.Add(Shared(
        Invariant($"top({metric.Measure.Name}, {metric.Capacity})"),
        name => MenuFor(metric.Measure).Top(name, metric.Measure, _blocks, metric.Capacity)));

    public void VisitHistogram(HistogramMetric metric) => _columnOfMetric.Add(Shared(
        $"histogram({metric.Measure.Name}, {string.Join(' ', metric.Bounds)})",
        name => MenuFor(metric.Measure).Histogram(name, metric.Measure, metric.Bounds)));

    public void VisitCustom<TAggregate, TState>(CustomMetric<TAggregate, TState> metric)
        where TAggregate : struct, IAggregate<TState>
        where TState : unmanaged
    {
        HasUserCode = CanFail = true;
        var name = $"{typeof(TAggregate).Name} as {metric.Name}({metric.Measure.Name})";
        _columnOfMetric.Add(
            AddColumn(MenuFor(metric.Measure).Custom<TAggregate, TState>(name, metric.Measure, _marks)));
    }

    private static bool IsSpread(MetricKind kind) => kind is MetricKind.Variance or MetricKind.PopulationVariance
        or MetricKind.StandardDeviation or MetricKind.PopulationStandardDeviation;

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private Column Sum(MeasureDefinition measure, bool canOverflow)
    {
        if (measure.Type == MeasureType.Double)
        {
            if (_measuresWithSpread.Contains(measure.Index))
                return Spread(measure);
            return _measuresWithExtremes.Contains(measure.Index) ? Moments(measure) : State<DoubleSum>(
                "sum", measure, counts: true);
        }

        CanFail |= canOverflow;
        return State<Int64Sum>("sum", measure, counts: true);
    }

    private Column Extremes(MeasureDefinition measure)
    {
        if (measure.Type != MeasureType.Double)
            return State<Int64Extremes>("extremes", measure);
        return _measuresWithSpread.Contains(measure.Index) ? Spread(measure) : Moments(measure);
    }

    private Column Moments(MeasureDefinition measure) => Shared(
        $"moments({measure.Name})", name => MenuFor(measure).Moments(name, measure, !SkipsNonFinite(measure)));

    private Column Spread(MeasureDefinition measure) => Shared(
        $"spread({measure.Name})", name => MenuFor(measure).Spread(name, measure, !SkipsNonFinite(measure)));

    private Column State<TState>(string kind, MeasureDefinition measure, bool counts = false)
        where TState : unmanaged, IColumnState<TState> => Shared(
        $"{kind}({measure.Name})",
        name => MenuFor(measure).State<TState>(name, measure, counts && !SkipsNonFinite(measure)));

    private Column CountingColumn()
    {
        foreach (var column in _columns)
        {
            if (column.CountsEvents)
                return column;
        }

        return AddColumn(new StateColumn<EventCount, DoubleReading>("count", measure: null, countsEvents: true));
    }

    private Column Shared(string kind, MeasureDefinition measure, Func<string, MeasureDefinition, Column> create) =>
        Shared($"{kind}({measure.Name})", name => create(name, measure));

    /// <summary>The column of that name, made if there is none yet.</summary>
    private Column Shared(string name, Func<string, Column> create)
    {
        foreach (var column in _columns)
        {
            if (string.Equals(column.Name, name, StringComparison.Ordinal))
                return column;
        }

        return AddColumn(create(name));
    }

    private Column AddColumn(Column column)
    {
        _columns.Add(column);
        return column;
    }

    private ReadingColumns MenuFor(MeasureDefinition measure) =>
        ReadingColumns.For(measure, SkipsNonFinite(measure));

    private bool SkipsNonFinite(MeasureDefinition measure) =>
        _policy == NonFinitePolicy.IgnoreMeasure && measure.Type == MeasureType.Double;
}
