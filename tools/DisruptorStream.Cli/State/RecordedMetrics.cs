using System.Globalization;
using System.Text.RegularExpressions;
using DisruptorStream.Cli.Text;
using DisruptorStream.Durability.Plans.Records;

namespace DisruptorStream.Cli.State;

/// <summary>The metrics of a plan as <c>--aggregate</c> asks for them.</summary>
internal static partial class RecordedMetrics
{
    private static readonly Dictionary<string, string> Functions = new(StringComparer.Ordinal)
    {
        ["Sum"] = "sum",
        ["Average"] = "avg",
        ["Min"] = "min",
        ["Max"] = "max",
        ["Range"] = "range",
        ["SumOfSquares"] = "sum_sq",
        ["Variance"] = "var",
        ["PopulationVariance"] = "var_pop",
        ["StandardDeviation"] = "stddev",
        ["PopulationStandardDeviation"] = "stddev_pop",
        ["Skewness"] = "skewness",
        ["Kurtosis"] = "kurtosis",
        ["First"] = "first",
        ["Last"] = "last",
        ["ZScore"] = "zscore",
    };

    /// <param name="query">The query.</param>
    /// <param name="why">What cannot be said so, as the end of a sentence; empty for nothing.</param>
    /// <returns>Null where something cannot be said so.</returns>
    public static string? Of(RecordedQuery query, out string why)
    {
        why = "";
        var calls = new List<string>();
        foreach (var metric in query.Metrics)
        {
            if (CallOf(query, metric) is not { } call)
            {
                why = $"the plan has the metric '{metric.Name}' ({query.TextOf(metric)}), which dstream cannot take "
                    + "over from it";
                return null;
            }

            calls.Add($"{call} as {QuotedText.Quote(metric.Name)}");
        }

        return string.Join(", ", calls);
    }

    private static string? CallOf(RecordedQuery query, RecordedMetric metric)
    {
        if (metric.Accumulator < 0)
            return metric.Text;
        if (metric.Filter is not null)
            return null;
        if (metric.Text is "Count" or "Rate")
            return metric.Text.ToLowerInvariant();
        var made = Accumulator().Match(query.Accumulators[metric.Accumulator].Text);
        if (!made.Success)
            return null;
        var (kind, measure) = (made.Groups[1].Value, made.Groups[2].Value);
        if (metric.Text.StartsWith("Percentile ", StringComparison.Ordinal))
            return PercentileOf(metric.Text["Percentile ".Length..], measure);
        if (!Functions.TryGetValue(metric.Text, out var function))
            return null;
        var mode = kind switch
        {
            "compensated_sum" => ", mode=compensated",
            "exact_sum" => ", mode=exact",
            _ => "",
        };
        return $"{function}({QuotedText.Quote(measure)}{(function is "sum" or "avg" ? mode : "")})";
    }

    private static string? PercentileOf(string percentile, string arguments)
    {
        if (Within().Match(arguments) is { Success: true } within)
        {
            var error = decimal.Parse(within.Groups[2].Value, CultureInfo.InvariantCulture) / 100;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"p{percentile}({QuotedText.Quote(within.Groups[1].Value)}, error={error})");
        }

        return UpTo().Match(arguments) is { Success: true } exact
            ? $"p{percentile}({QuotedText.Quote(exact.Groups[1].Value)}, exact={exact.Groups[2].Value})"
            : null;
    }

    [GeneratedRegex(@"^(\w+)\((.*)\)$")]
    private static partial Regex Accumulator();

    [GeneratedRegex("^(.*), within ([0-9.]+)%$")]
    private static partial Regex Within();

    [GeneratedRegex("^(.*), exact up to ([0-9]+)$")]
    private static partial Regex UpTo();
}
