using DisruptorStream.Messages;

namespace DisruptorStream.Aggregation.Metrics;

/// <summary>The metrics asked for so far, and what their names and measures must be.</summary>
internal sealed class MetricList
{
    private readonly IReadOnlyList<MeasureDefinition> _measures;
    private readonly List<MetricDefinition> _metrics = [];

    public MetricList(IReadOnlyList<MeasureDefinition> measures) => _measures = measures;

    public IReadOnlyList<MetricDefinition> Metrics => _metrics;

    public void Add(MetricDefinition metric) => _metrics.Add(metric);

    public string Unused(string name)
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

    /// <summary>The measure of that name, which must be a number.</summary>
    public MeasureDefinition ResolveNumber(string metric, string? measure)
    {
        var resolved = Resolve(metric, measure);
        return resolved.Type != MeasureType.Symbol ? resolved : throw new ArgumentException(
            $"The metric '{metric}' computes with the measure '{resolved.Name}', which holds symbols; they can be "
            + "counted (Distinct, Top) and shown (First, Last, ArgMin, ArgMax).",
            nameof(measure));
    }

    /// <summary>
    /// The measure of that name; without a name the only one there is, or the one that the metric is called as.
    /// </summary>
    public MeasureDefinition Resolve(string metric, string? measure)
    {
        if (measure is null)
            return _measures.Count == 1 ? _measures[0] : Find(metric) ?? throw NotNamed(metric);
        return Find(measure) ?? throw new ArgumentException(
            $"The metric '{metric}' reads the measure '{measure}', which is not declared; {Choices(measure)}",
            nameof(measure));
    }

    /// <summary>The measures of those names, in their order; without names all.</summary>
    public IReadOnlyList<MeasureDefinition> ResolveAll(string metric, IReadOnlyList<string>? measures)
    {
        if (measures is null)
            return [.. _measures];
        var found = new MeasureDefinition[measures.Count];
        for (var index = 0; index < found.Length; index++)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(measures[index], nameof(measures));
            found[index] = Resolve(metric, measures[index]);
        }

        return found;
    }

    private MeasureDefinition? Find(string name)
    {
        foreach (var candidate in _measures)
        {
            if (string.Equals(candidate.Name, name, StringComparison.Ordinal))
                return candidate;
        }

        return null;
    }

    private InvalidOperationException NotNamed(string metric) => new(_measures.Count == 0
        ? $"The metric '{metric}' needs a measure, and {Choices()}"
        : $"The metric '{metric}' needs to know which measure it reads: name one of '{string.Join("', '", Names())}' "
            + "as its measure, or give the metric the name of the measure.");

    private string[] Names()
    {
        var names = new string[_measures.Count];
        for (var index = 0; index < names.Length; index++)
            names[index] = _measures[index].Name;
        return names;
    }

    private string Choices(string? meant = null)
    {
        if (_measures.Count == 0)
        {
            return "the processor declares no measure, so it can only count; declare one first, with Measure(name, "
                + "selector).";
        }

        var names = Names();
        return meant is null ? $"name one of '{string.Join("', '", names)}'." : NearestWord.NameOne(meant, names);
    }
}
