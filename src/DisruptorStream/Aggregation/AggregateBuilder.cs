namespace DisruptorStream.Aggregation;

/// <summary>Collects the metrics that each result shows, by name, in the order in which they are asked for.</summary>
/// <remarks>
/// <para>Metrics of the same measure share what they accumulate, so asking for one more usually costs nothing per
/// event. A metric of a measure may leave the measure's name out when the processor has exactly one.</para>
/// <para>Over no event at all (a pane without events) the count is 0 and a sum is 0; every other metric is NaN, or 0
/// where it is a 64-bit integer: the sum, minimum, maximum, first and last of a measure declared as long are
/// integers.</para>
/// <para>Used on one thread, while the processor is being built.</para>
/// </remarks>
public sealed class AggregateBuilder
{
    private readonly IReadOnlyList<MeasureDefinition> _measures;
    private readonly List<MetricDefinition> _metrics = [];

    internal AggregateBuilder(IReadOnlyList<MeasureDefinition> measures) => _measures = measures;

    /// <summary>The metrics so far, in the order in which they were asked for.</summary>
    internal IReadOnlyList<MetricDefinition> Metrics => _metrics;

    /// <summary>The number of events, whatever their measures: a 64-bit integer.</summary>
    /// <param name="name">The metric's name in the results.</param>
    /// <exception cref="ArgumentException">The name is empty or already in use.</exception>
    public AggregateBuilder Count(string name) => Add(new CountMetric(Unused(name)));

    /// <summary>The sum of a measure, added up in the order of publication; 0 without events.</summary>
    /// <param name="name">The metric's name in the results.</param>
    /// <param name="measure">The measure's name; may be left out when there is one measure only.</param>
    /// <remarks>
    /// The sum of a measure declared as long is exact; a window whose sum does not fit 64 bits fails.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty or in use, or no measure has that name.</exception>
    /// <exception cref="InvalidOperationException">The measure was left out and there is not exactly one.</exception>
    public AggregateBuilder Sum(string name, string? measure = null) => Add(name, MetricKind.Sum, measure);

    /// <summary>The arithmetic mean of a measure, as the sum over the count; NaN without events.</summary>
    /// <inheritdoc cref="Sum" path="/param|/exception"/>
    public AggregateBuilder Average(string name, string? measure = null) => Add(name, MetricKind.Average, measure);

    /// <summary>The smallest value of a measure.</summary>
    /// <inheritdoc cref="Sum" path="/param|/exception"/>
    public AggregateBuilder Min(string name, string? measure = null) => Add(name, MetricKind.Min, measure);

    /// <summary>The largest value of a measure.</summary>
    /// <inheritdoc cref="Sum" path="/param|/exception"/>
    public AggregateBuilder Max(string name, string? measure = null) => Add(name, MetricKind.Max, measure);

    /// <summary>The sample variance (divisor n - 1) of a measure; NaN for fewer than two events.</summary>
    /// <remarks>
    /// Welford's recurrence (1962); partial results are combined with the formula of Chan, Golub and LeVeque (1979).
    /// </remarks>
    /// <inheritdoc cref="Sum" path="/param|/exception"/>
    public AggregateBuilder Variance(string name, string? measure = null) => Add(name, MetricKind.Variance, measure);

    /// <summary>The population variance (divisor n) of a measure; NaN without events.</summary>
    /// <inheritdoc cref="Sum" path="/param|/exception"/>
    /// <inheritdoc cref="Variance" path="/remarks"/>
    public AggregateBuilder PopulationVariance(string name, string? measure = null) =>
        Add(name, MetricKind.PopulationVariance, measure);

    /// <summary>The square root of the sample variance (divisor n - 1); NaN for fewer than two events.</summary>
    /// <inheritdoc cref="Sum" path="/param|/exception"/>
    /// <inheritdoc cref="Variance" path="/remarks"/>
    public AggregateBuilder StandardDeviation(string name, string? measure = null) =>
        Add(name, MetricKind.StandardDeviation, measure);

    /// <summary>The square root of the population variance (divisor n); NaN without events.</summary>
    /// <inheritdoc cref="Sum" path="/param|/exception"/>
    /// <inheritdoc cref="Variance" path="/remarks"/>
    public AggregateBuilder PopulationStandardDeviation(string name, string? measure = null) =>
        Add(name, MetricKind.PopulationStandardDeviation, measure);

    /// <summary>The measure of the event with the lowest timestamp; of several, the one published first.</summary>
    /// <inheritdoc cref="Sum" path="/param|/exception"/>
    public AggregateBuilder First(string name, string? measure = null) => Add(name, MetricKind.First, measure);

    /// <summary>The measure of the event with the highest timestamp; of several, the one published last.</summary>
    /// <inheritdoc cref="Sum" path="/param|/exception"/>
    public AggregateBuilder Last(string name, string? measure = null) => Add(name, MetricKind.Last, measure);

    /// <summary>A metric of your own, as fast as the engine's: its code is compiled into the engine's loop.</summary>
    /// <typeparam name="TAggregate">The aggregate: an empty struct.</typeparam>
    /// <typeparam name="TState">What it keeps for each key and slice or window.</typeparam>
    /// <remarks>
    /// An exception that it throws fails that key and window, is reported with them, and nothing else.
    /// </remarks>
    /// <inheritdoc cref="Sum" path="/param|/exception"/>
    public AggregateBuilder Custom<TAggregate, TState>(string name, string? measure = null)
        where TAggregate : struct, IAggregate<TState>
        where TState : unmanaged =>
        Add(new CustomMetric<TAggregate, TState>(Unused(name), Resolve(name, measure)));

    private AggregateBuilder Add(string name, MetricKind kind, string? measure) =>
        Add(new MeasureMetric(Unused(name), kind, Resolve(name, measure)));

    private AggregateBuilder Add(MetricDefinition metric)
    {
        _metrics.Add(metric);
        return this;
    }

    private string Unused(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        foreach (var metric in _metrics)
        {
            if (string.Equals(metric.Name, name, StringComparison.Ordinal))
            {
                throw new ArgumentException(
                    $"There is already a metric '{name}'; give this one another name.", nameof(name));
            }
        }

        return name;
    }

    private MeasureDefinition Resolve(string metric, string? measure)
    {
        if (measure is null)
        {
            return _measures.Count == 1 ? _measures[0] : throw new InvalidOperationException(
                $"The metric '{metric}' does not say which measure it reads, and there is not exactly one; "
                + $"{Choices()}");
        }

        foreach (var candidate in _measures)
        {
            if (string.Equals(candidate.Name, measure, StringComparison.Ordinal))
                return candidate;
        }

        throw new ArgumentException(
            $"The metric '{metric}' reads the measure '{measure}', which is not declared; {Choices()}",
            nameof(measure));
    }

    private string Choices()
    {
        if (_measures.Count == 0)
            return "the processor declares no measure, so it can only count: declare one first.";

        var names = new string[_measures.Count];
        for (var index = 0; index < names.Length; index++)
            names[index] = $"'{_measures[index].Name}'";
        return $"name one of {string.Join(", ", names)}.";
    }
}
