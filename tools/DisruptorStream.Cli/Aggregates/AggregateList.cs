using DisruptorStream.Aggregation;

namespace DisruptorStream.Cli.Aggregates;

/// <summary>The aggregates of a job, as the command line asks for them: "count, avg(latency) as avg_latency".</summary>
internal sealed class AggregateList
{
    private static readonly Dictionary<string, AggregateFunction> Functions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["count"] = AggregateFunction.Count,
        ["sum"] = AggregateFunction.Sum,
        ["avg"] = AggregateFunction.Average,
        ["min"] = AggregateFunction.Min,
        ["max"] = AggregateFunction.Max,
        ["var"] = AggregateFunction.Variance,
        ["var_pop"] = AggregateFunction.PopulationVariance,
        ["stddev"] = AggregateFunction.StandardDeviation,
        ["stddev_pop"] = AggregateFunction.PopulationStandardDeviation,
        ["first"] = AggregateFunction.First,
        ["last"] = AggregateFunction.Last,
    };

    private AggregateList(IReadOnlyList<AggregateColumn> columns)
    {
        Columns = columns;
        Measures = [.. columns.Select(column => column.Measure).OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    public IReadOnlyList<AggregateColumn> Columns { get; }

    /// <summary>The columns of the input that are aggregated, each once.</summary>
    public IReadOnlyList<string> Measures { get; }

    /// <exception cref="FormatException">The text cannot be understood; the message says where and why.</exception>
    public static AggregateList Parse(string text)
    {
        var columns = new List<AggregateColumn>();
        foreach (var part in SplitOutsideParentheses(text))
        {
            var column = ParseColumn(part.Trim());
            if (columns.Exists(other => string.Equals(other.Name, column.Name, StringComparison.Ordinal)))
                throw new FormatException($"Two aggregates are named '{column.Name}'; tell them apart with 'as NAME'.");
            columns.Add(column);
        }

        var list = new AggregateList(columns);
        return list.Measures.Count <= 8 ? list : throw new FormatException(
            $"The aggregates read {list.Measures.Count} columns, and 8 is the most; run the job twice.");
    }

    /// <summary>Asks the engine for the aggregates, in their order.</summary>
    public void AddTo(AggregateBuilder builder)
    {
        foreach (var (function, measure, name) in Columns)
        {
            _ = function switch
            {
                AggregateFunction.Count => builder.Count(name),
                AggregateFunction.Sum => builder.Sum(name, measure),
                AggregateFunction.Average => builder.Average(name, measure),
                AggregateFunction.Min => builder.Min(name, measure),
                AggregateFunction.Max => builder.Max(name, measure),
                AggregateFunction.Variance => builder.Variance(name, measure),
                AggregateFunction.PopulationVariance => builder.PopulationVariance(name, measure),
                AggregateFunction.StandardDeviation => builder.StandardDeviation(name, measure),
                AggregateFunction.PopulationStandardDeviation => builder.PopulationStandardDeviation(name, measure),
                AggregateFunction.First => builder.First(name, measure),
                AggregateFunction.Last => builder.Last(name, measure),
                _ => throw new InvalidOperationException($"The function {function} has no metric."),
            };
        }
    }

    private static List<string> SplitOutsideParentheses(string text)
    {
        var parts = new List<string>();
        var (depth, start) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '(')
                depth++;
            else if (text[i] == ')')
                depth--;
            if (text[i] != ',' || depth != 0)
                continue;
            parts.Add(text[start..i]);
            start = i + 1;
        }

        parts.Add(text[start..]);
        return parts;
    }

    private static AggregateColumn ParseColumn(string text)
    {
        var call = text;
        string? alias = null;
        var place = $"{text} ".LastIndexOf(" as ", StringComparison.OrdinalIgnoreCase);
        if (place > text.LastIndexOf(')'))
        {
            call = text[..place].Trim();
            alias = text[(place + 3)..].Trim();
            if (alias.Length == 0)
                throw new FormatException($"The aggregate '{text}' has no name after 'as'.");
        }

        var open = call.IndexOf('(', StringComparison.Ordinal);
        var name = (open < 0 ? call : call[..open]).Trim();
        if (!Functions.TryGetValue(name, out var function))
        {
            throw new FormatException(
                $"There is no aggregate '{name}' (in '{text}'); choose among {string.Join(", ", Functions.Keys)}.");
        }

        var measure = open < 0 ? null : Argument(call, open, text);
        if (function == AggregateFunction.Count)
        {
            return measure is null or "*"
                ? new AggregateColumn(function, null, alias ?? "count")
                : throw new FormatException($"'{text}' counts a column; events are counted whole: write 'count'.");
        }

        return string.IsNullOrEmpty(measure)
            ? throw new FormatException($"The aggregate '{text}' does not say of which column; write '{name}(COLUMN)'.")
            : new AggregateColumn(function, measure, alias ?? $"{name.ToLowerInvariant()}_{measure}");
    }

    private static string Argument(string call, int open, string text) => call.EndsWith(')')
        ? call[(open + 1)..^1].Trim()
        : throw new FormatException($"The aggregate '{text}' lacks its closing parenthesis.");
}
