using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Customs;
using DisruptorStream.Aggregation.Derived;
using DisruptorStream.Aggregation.Filters;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.State.Accumulators.Pairs;
using DisruptorStream.State.Accumulators.Sums;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Accumulators;

/// <summary>Finds the fewest accumulators that serve all metrics: those with equal identities are one.</summary>
internal sealed class AccumulatorPlanner : IMetricVisitor
{
    private readonly AccumulatorContext _context;
    private readonly HashSet<(int Measure, MetricFilter? Filter)> _measuresWithExtremes = [];
    private readonly HashSet<(int Measure, MetricFilter? Filter)> _measuresWithSpread = [];
    private readonly List<Accumulator> _accumulators = [];
    private readonly List<Accumulator?> _accumulatorOfMetric = [];

    private readonly AccumulatorPins _pins;

    // Those of the metric which is being visited.
    private MetricFilter? _filter;
    private string _metric = "";

    /// <param name="context">What the accumulators share.</param>
    /// <param name="pins">Which metrics are read from what was saved.</param>
    public AccumulatorPlanner(AccumulatorContext context, AccumulatorPins pins)
    {
        _context = context;
        _pins = pins;
    }

    /// <summary>The accumulators, each once, in the order in which they are laid out: vectors first.</summary>
    public IReadOnlyList<Accumulator> Accumulators => _accumulators;

    /// <summary>
    /// True when a record can fail: it has user code, an integer sum that may not fit, or a bound on its values.
    /// </summary>
    public bool CanFail { get; private set; }

    public bool HasUserCode { get; private set; }

    /// <summary>
    /// Returns the accumulator that each metric reads, in the order of the metrics; null for one made of others.
    /// </summary>
    public Accumulator?[] Plan(IReadOnlyList<MetricDefinition> metrics)
    {
        foreach (var metric in metrics)
        {
            if (metric is not MeasureMetric measured || _pins.Of(metric.Name) is not null)
                continue;
            if (measured.Kind is MetricKind.Min or MetricKind.Max or MetricKind.Range)
                _measuresWithExtremes.Add((measured.Measure.Index, measured.Filter));
            else if (IsSpread(measured.Kind))
                _measuresWithSpread.Add((measured.Measure.Index, measured.Filter));
        }

        foreach (var metric in metrics)
        {
            (_filter, _metric) = (metric.Filter, metric.Name);
            metric.Accept(this);
        }

        var accumulatorOfMetric = new Accumulator?[metrics.Count];
        for (var index = 0; index < accumulatorOfMetric.Length; index++)
        {
            accumulatorOfMetric[index] = metrics[index] is ExpressionMetric
                ? null
                : _accumulatorOfMetric[index] ?? CountingAccumulator(metrics[index]);
        }

        // By identity, which is unique, so that the layout does not depend on the order in which the metrics were asked
        // for.
        _accumulators.Sort((left, right) => left.IsVector == right.IsVector
            ? AccumulatorIdentity.Compare(left.Identity, right.Identity)
            : right.IsVector.CompareTo(left.IsVector));
        return accumulatorOfMetric;
    }

    public void VisitCount(CountMetric metric) => _accumulatorOfMetric.Add(null);

    public void VisitMeasure(MeasureMetric metric)
    {
        var measure = metric.Measure;
        _accumulatorOfMetric.Add(metric.Kind switch
        {
            MetricKind.Sum or MetricKind.Average => Sum(measure, canOverflow: metric.Kind == MetricKind.Sum),
            MetricKind.Min or MetricKind.Max or MetricKind.Range => Extremes(measure),
            MetricKind.First => State<FirstValue>(AccumulatorKind.First, measure),
            MetricKind.Last => State<LastValue>(AccumulatorKind.Last, measure),
            MetricKind.SumOfSquares => Shared(IdentityOf(AccumulatorKind.Squares, measure), MenuFor(measure).Squares),
            MetricKind.Skewness or MetricKind.Kurtosis =>
                Shared(IdentityOf(AccumulatorKind.Shape, measure), MenuFor(measure).Shape),
            MetricKind.ZScore => Shared(IdentityOf(AccumulatorKind.Score, measure), MenuFor(measure).Score),
            MetricKind.Previous or MetricKind.EarlierAverage or MetricKind.EarlierStandardDeviation
                or MetricKind.EarlierZScore =>
                Shared(IdentityOf(AccumulatorKind.Earlier, measure), MenuFor(measure).Earlier),
            _ when IsSpread(metric.Kind) => Spread(measure),
            _ => throw NotPlanned(metric),
        });
    }

    public void VisitSum(SumMetric metric) => _accumulatorOfMetric.Add(metric.Mode switch
    {
        SumMode.Exact => State<ExactSum>(AccumulatorKind.ExactSum, metric.Measure),
        SumMode.Compensated => State<CompensatedSum>(AccumulatorKind.CompensatedSum, metric.Measure),
        _ => throw NotPlanned(metric),
    });

    public void VisitPair(PairMetric metric)
    {
        var (accumulators, how) = (MenuFor(metric.Measure), MenuFor(metric.By));
        _accumulatorOfMetric.Add(metric.Kind switch
        {
            MetricKind.WeightedAverage => Pair(
                AccumulatorKind.WeightedMean, metric, identity => accumulators.WeightedMean(identity, how)),
            MetricKind.ArgMax => Pair(
                AccumulatorKind.AtLargest, metric, identity => accumulators.AtExtreme<Largest>(identity, how)),
            MetricKind.ArgMin => Pair(
                AccumulatorKind.AtSmallest, metric, identity => accumulators.AtExtreme<Smallest>(identity, how)),
            _ => throw NotPlanned(metric),
        });
    }

    public void VisitMovingAverage(MovingAverageMetric metric) => _accumulatorOfMetric.Add(Shared(
        IdentityOf(AccumulatorKind.MovingAverage, metric.Measure, metric.Alpha),
        identity => MenuFor(metric.Measure).MovingAverage(identity, metric.Alpha)));

    public void VisitPercentile(PercentileMetric metric)
    {
        var (measure, mode) = (metric.Measure, metric.Mode);
        CanFail |= mode.IsExact;
        _accumulatorOfMetric.Add(mode.IsExact
            ? Shared(
                IdentityOf(AccumulatorKind.Values, measure, mode.MaxValues),
                identity => MenuFor(measure).Values(identity, _context, mode.MaxValues))
            : Shared(
                IdentityOf(AccumulatorKind.Quantiles, measure, mode.RelativeError),
                identity => MenuFor(measure).Quantiles(identity, _context, mode.RelativeError)));
    }

    public void VisitDistinct(DistinctMetric metric)
    {
        var accumulators = MenuFor(metric.Measure);
        _accumulatorOfMetric.Add(metric.Weight is { } weight
            ? Shared(
                WeightedIdentityOf(AccumulatorKind.DistinctSum, metric.Measure, weight, metric.Precision),
                identity => accumulators.DistinctSum(identity, _context, metric.Precision))
            : Shared(
                IdentityOf(AccumulatorKind.Distinct, metric.Measure, metric.Precision),
                identity => accumulators.Distinct(identity, _context, metric.Precision)));
    }

    public void VisitTop(TopMetric metric)
    {
        CanFail |= metric.Weight is { Type: MeasureType.Int64 };
        var identity = metric.Weight is { } weight
            ? WeightedIdentityOf(AccumulatorKind.WeightedTop, metric.Measure, weight, metric.Capacity)
            : IdentityOf(AccumulatorKind.Top, metric.Measure, metric.Capacity);
        _accumulatorOfMetric.Add(Shared(
            identity, found => MenuFor(metric.Measure).Top(found, _context, metric.Capacity)));
    }

    public void VisitHistogram(HistogramMetric metric) => _accumulatorOfMetric.Add(Shared(
        IdentityOf(AccumulatorKind.Histogram, metric.Measure, metric.Bounds),
        identity => MenuFor(metric.Measure).Histogram(identity, metric.Bounds)));

    public void VisitCustom<TAggregate, TState>(CustomMetric<TAggregate, TState> metric)
        where TAggregate : struct, IAggregate<TState>
        where TState : unmanaged
    {
        HasUserCode = CanFail = true;
        var identity = IdentityOf(AccumulatorKind.Custom, metric.Measure) with
        {
            Owner = metric.Name,
            Aggregate = typeof(TAggregate),
        };
        _accumulatorOfMetric.Add(AddAccumulator(
            MenuFor(metric.Measure).Custom<TAggregate, TState>(identity, _context.Marks)));
    }

    public void VisitCustomEvents<TAggregate, TState>(CustomEventMetric<TAggregate, TState> metric)
        where TAggregate : struct, IEventAggregate<TState>
        where TState : unmanaged
    {
        HasUserCode = CanFail = true;
        var columns = metric.Columns;
        var identity = new AccumulatorIdentity(AccumulatorKind.CustomEvents, null)
        {
            Measures = columns.Measures,
            SkipsNonFinite = _context.SkipsNonFinite(columns.Measures),
            Filter = _filter,
            Owner = columns.Owner,
            Aggregate = typeof(TAggregate),
        };
        _accumulatorOfMetric.Add(Shared(
            identity,
            found => ReadingAccumulators.CustomEvents<TAggregate, TState>(found, columns.Count, _context.Marks)));
    }

    public void VisitExpression(ExpressionMetric metric) => _accumulatorOfMetric.Add(null);

    private static bool IsSpread(MetricKind kind) => kind is MetricKind.Variance or MetricKind.PopulationVariance
        or MetricKind.StandardDeviation or MetricKind.PopulationStandardDeviation;

    private static InvalidOperationException NotPlanned(MetricDefinition metric) =>
        new($"The metric '{metric.Name}' is of the kind {metric.Kind}, for which there is no accumulator.");

    private Accumulator Sum(MeasureDefinition measure, bool canOverflow)
    {
        if (measure.Type == MeasureType.Double)
        {
            return Choose(measure, AccumulatorKind.Sum) switch
            {
                AccumulatorKind.Spread => Spread(measure),
                AccumulatorKind.Moments => Moments(measure),
                _ => State<DoubleSum>(AccumulatorKind.Sum, measure, counts: true),
            };
        }

        CanFail |= canOverflow;
        return State<Int64Sum>(AccumulatorKind.Sum, measure, counts: true);
    }

    private Accumulator Extremes(MeasureDefinition measure)
    {
        if (measure.Type != MeasureType.Double)
            return State<Int64Extremes>(AccumulatorKind.Extremes, measure);
        return Choose(measure, AccumulatorKind.Moments) == AccumulatorKind.Spread ? Spread(measure) : Moments(measure);
    }

    /// <summary>What was saved, where the metric can be read from it; else what other metrics need as well.</summary>
    /// <param name="measure">The measure, of doubles.</param>
    /// <param name="least">The least that is needed.</param>
    private AccumulatorKind Choose(MeasureDefinition measure, AccumulatorKind least)
    {
        if (_pins.ChooseSaved(_metric, least, kind => IdentityOf(kind, measure)) is { } saved)
            return saved;
        if (_measuresWithSpread.Contains((measure.Index, _filter)))
            return AccumulatorKind.Spread;
        return _measuresWithExtremes.Contains((measure.Index, _filter)) ? AccumulatorKind.Moments : least;
    }

    private Accumulator Moments(MeasureDefinition measure) => Shared(
        IdentityOf(AccumulatorKind.Moments, measure),
        identity => MenuFor(measure).Moments(identity, !SkipsNonFinite(measure)));

    private Accumulator Spread(MeasureDefinition measure) => Shared(
        IdentityOf(AccumulatorKind.Spread, measure),
        identity => MenuFor(measure).Spread(identity, !SkipsNonFinite(measure)));

    private Accumulator State<TState>(AccumulatorKind kind, MeasureDefinition measure, bool counts = false)
        where TState : unmanaged, IAccumulatorState<TState> => Shared(
        IdentityOf(kind, measure),
        identity => MenuFor(measure).State<TState>(identity, counts && !SkipsNonFinite(measure)));

    private Accumulator Pair(AccumulatorKind kind, PairMetric metric, Func<AccumulatorIdentity, Accumulator> create)
    {
        var identity = IdentityOf(kind, metric.Measure) with { By = metric.By };
        return Shared(
            identity with { SkipsNonFinite = identity.SkipsNonFinite || SkipsNonFinite(metric.By) }, create);
    }

    private Accumulator CountingAccumulator(MetricDefinition metric)
    {
        _filter = metric.Filter;
        Accumulator? counting = null;
        foreach (var accumulator in _accumulators)
        {
            if (!accumulator.CountsEvents || accumulator.Identity.Filter != metric.Filter)
                continue;
            if (_pins.IsFirstChoice(metric.Name, accumulator.Identity))
                return accumulator;
            counting ??= accumulator;
        }

        return counting is not null && _pins.Of(metric.Name) is null ? counting : Shared(
            new AccumulatorIdentity(AccumulatorKind.Count, null) { Filter = metric.Filter },
            ReadingAccumulators.Events);
    }

    /// <summary>The accumulator with that identity, made if there is none yet.</summary>
    private Accumulator Shared(AccumulatorIdentity identity, Func<AccumulatorIdentity, Accumulator> create)
    {
        foreach (var accumulator in _accumulators)
        {
            if (accumulator.Identity == identity)
                return accumulator;
        }

        return AddAccumulator(create(identity));
    }

    private Accumulator AddAccumulator(Accumulator accumulator)
    {
        if (accumulator.Identity.Filter is { } filter)
            accumulator = new FilteredAccumulator(accumulator, filter);
        _accumulators.Add(accumulator);
        return accumulator;
    }

    private AccumulatorIdentity IdentityOf(
        AccumulatorKind kind, MeasureDefinition measure, params IReadOnlyList<double> parameters) =>
        new(kind, measure)
        {
            Parameters = new ParameterList(parameters),
            SkipsNonFinite = SkipsNonFinite(measure),
            Filter = _filter,
        };

    private AccumulatorIdentity WeightedIdentityOf(
        AccumulatorKind kind, MeasureDefinition measure, MeasureDefinition weight, double parameter)
    {
        var identity = IdentityOf(kind, measure, parameter) with { By = weight };
        return identity with { SkipsNonFinite = identity.SkipsNonFinite || SkipsNonFinite(weight) };
    }

    private ReadingAccumulators MenuFor(MeasureDefinition measure) =>
        ReadingAccumulators.For(measure, SkipsNonFinite(measure));

    private bool SkipsNonFinite(MeasureDefinition measure) => _context.SkipsNonFinite(measure);
}
