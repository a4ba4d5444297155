using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Filters;
using DisruptorStream.Identities;

namespace DisruptorStream.State.Accumulators;

/// <summary>What tells an accumulator from all others of a plan: what it keeps, of which measures, and how.</summary>
/// <remarks>
/// Two metrics with equal identities share an accumulator. Nothing in it is a text made for display, and
/// nothing depends on the culture; <see cref="ToString"/> is for people alone.
/// </remarks>
/// <param name="Kind">What it keeps.</param>
/// <param name="Measure">The measure that it reads; null for none.</param>
internal sealed record AccumulatorIdentity(AccumulatorKind Kind, MeasureDefinition? Measure)
{
    /// <summary>The second measure, for a kind that reads two.</summary>
    public MeasureDefinition? By { get; init; }

    /// <summary>The measures that it reads, for a kind that reads any number of them.</summary>
    public IReadOnlyList<MeasureDefinition> Measures { get; init; } = [];

    /// <summary>What tells it from others of its kind and measures, in the order of the kind.</summary>
    public ParameterList Parameters { get; init; } = ParameterList.None;

    /// <summary>Whether it leaves NaN and the infinities of its measures out.</summary>
    public bool SkipsNonFinite { get; init; }

    /// <summary>Which events it takes; null for all.</summary>
    public MetricFilter? Filter { get; init; }

    /// <summary>The metric that has it alone; null where it is shared.</summary>
    public string? Owner { get; init; }

    /// <summary>The user's aggregate; null for the engine's own kinds.</summary>
    public Type? Aggregate { get; init; }

    /// <summary>An order that depends on neither the culture nor the order in which metrics were asked for.</summary>
    public static int Compare(AccumulatorIdentity left, AccumulatorIdentity right)
    {
        var order = left.Kind.CompareTo(right.Kind);
        if (order == 0)
            order = IndexOf(left.Measure).CompareTo(IndexOf(right.Measure));
        if (order == 0)
            order = IndexOf(left.By).CompareTo(IndexOf(right.By));
        if (order == 0)
            order = ParameterList.Compare(left.Parameters, right.Parameters);
        if (order == 0)
            order = string.CompareOrdinal(left.Filter?.Text, right.Filter?.Text);
        return order != 0 ? order : string.CompareOrdinal(left.Owner, right.Owner);
    }

    /// <summary>Stands for what its saved state means, in files.</summary>
    public Fingerprint Fingerprint
    {
        get
        {
            var writer = new IdentityWriter();
            Identify(writer);
            return writer.Fingerprint;
        }
    }

    /// <summary>Writes what its saved state means. The place of a measure in the slot is no part of that.</summary>
    public void Identify(IdentityWriter writer)
    {
        writer.Add((long)Kind);
        Identify(writer, Measure);
        Identify(writer, By);
        writer.BeginList(Parameters.Count);
        for (var index = 0; index < Parameters.Count; index++)
            writer.Add(Parameters[index]);
        writer.Add(SkipsNonFinite);
        writer.Add(Filter is not null);
        Filter?.Identify(writer);
        writer.Add(Owner);
        writer.Add(Aggregate);
        if (Kind != AccumulatorKind.CustomEvents)
            return;
        writer.BeginList(Measures.Count);
        foreach (var measure in Measures)
            measure.Identify(writer);
    }

    /// <summary>For people, such as <c>moments(latency)</c>.</summary>
    public override string ToString()
    {
        var name = Kind switch
        {
            AccumulatorKind.Count => "count",
            AccumulatorKind.Sum => "sum",
            AccumulatorKind.CompensatedSum => "compensated_sum",
            AccumulatorKind.ExactSum => "exact_sum",
            AccumulatorKind.Moments => "moments",
            AccumulatorKind.Spread => "spread",
            AccumulatorKind.Extremes => "extremes",
            AccumulatorKind.First => "first",
            AccumulatorKind.Last => "last",
            AccumulatorKind.Squares => "squares",
            AccumulatorKind.Shape => "shape",
            AccumulatorKind.Score => "score",
            AccumulatorKind.MovingAverage => "moving_average",
            AccumulatorKind.WeightedMean => "weighted",
            AccumulatorKind.AtLargest => "at_largest",
            AccumulatorKind.AtSmallest => "at_smallest",
            AccumulatorKind.Quantiles => "percentiles",
            AccumulatorKind.Values => "percentiles",
            AccumulatorKind.Distinct => "distinct",
            AccumulatorKind.Top => "top",
            AccumulatorKind.WeightedTop => "weighted_top",
            AccumulatorKind.DistinctSum => "distinct_sum",
            AccumulatorKind.Histogram => "histogram",
            AccumulatorKind.Earlier => "earlier",
            AccumulatorKind.Custom or AccumulatorKind.CustomEvents => $"{Aggregate!.Name} as {Owner}",
            _ => throw new InvalidOperationException($"The accumulator {(byte)Kind} has no name."),
        };
        var text = Measure is null && Measures.Count == 0 ? name : $"{name}({string.Join(", ", Arguments())})";
        return Filter is null ? text : $"{text} where {Filter.Text}";
    }

    private static void Identify(IdentityWriter writer, MeasureDefinition? measure)
    {
        writer.Add(measure is not null);
        measure?.Identify(writer);
    }

    private static int IndexOf(MeasureDefinition? measure) => measure?.Index ?? -1;

    private IEnumerable<string> Arguments()
    {
        foreach (var measure in Measures)
            yield return measure.Name;
        if (Measure is not null)
            yield return Measure.Name;
        if (By is not null)
            yield return By.Name;
        if (Kind == AccumulatorKind.Quantiles)
            yield return PercentileMode.Sketch(Parameters[0]).ToString();
        else if (Kind == AccumulatorKind.Values)
            yield return PercentileMode.ExactUpTo((int)Parameters[0]).ToString();
        else if (Parameters.Count > 0)
            yield return Parameters.ToString();
    }
}
