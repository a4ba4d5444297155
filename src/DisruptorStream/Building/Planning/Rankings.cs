using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Emission.Ranking;
using DisruptorStream.Messages;

namespace DisruptorStream.Building.Planning;

/// <summary>Makes a ranking of what was asked for: finds the metric, and the parts of the key by name.</summary>
internal static class Rankings
{
    /// <summary>The most panes of a list.</summary>
    public const int MostPanes = 65_536;

    /// <summary>A ranking in which a window is one group.</summary>
    /// <exception cref="ArgumentException">The count or the metric is not possible.</exception>
    public static TopRanking Of(IReadOnlyList<MetricDefinition> metrics, int count, string by, bool ascending)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(by);
        if (count is < 1 or > MostPanes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"Top shows 1 to {MostPanes:N0} keys of a window; it was asked for {count}.");
        }

        return new TopRanking { Count = count, By = by, Column = ColumnOf(metrics, by), IsAscending = ascending };
    }

    /// <summary>The same, with a list for each combination of some parts of the key.</summary>
    /// <param name="ranking">The ranking.</param>
    /// <param name="query">The query's name.</param>
    /// <param name="keys">The keys of the stream.</param>
    /// <param name="column">The query's key among them.</param>
    /// <param name="within">The names of the parts.</param>
    /// <exception cref="ArgumentException">A name is no part of the key, or is there twice, or all are.</exception>
    public static TopRanking Within(
        TopRanking ranking, string query, IReadOnlyList<StreamKey> keys, int column, IReadOnlyList<string> within)
    {
        var names = new List<string>();
        foreach (var part in keys[column].Parts)
            names.Add(keys[part].Name);
        var parts = new List<int>();
        foreach (var name in within)
        {
            var part = names.IndexOf(name);
            if (part < 0)
                throw NoPart(query, name, names);
            if (parts.Contains(part))
                throw new ArgumentException($"The key '{name}' is named twice; name it once.", nameof(within));
            parts.Add(part);
        }

        return parts.Count == 0 || parts.Count < names.Count
            ? ranking with { Parts = parts, Within = [.. within] }
            : throw new ArgumentException(
                $"Within '{string.Join("', '", names)}' each group would have a single key, as these are all parts of "
                + $"the key of the query '{query}'; leave one of them out.",
                nameof(within));
    }

    private static int ColumnOf(IReadOnlyList<MetricDefinition> metrics, string by)
    {
        var names = new List<string>();
        for (var column = 0; column < metrics.Count; column++)
        {
            if (string.Equals(metrics[column].Name, by, StringComparison.Ordinal))
            {
                return metrics[column].ResultType != MeasureType.Symbol ? column : throw new ArgumentException(
                    $"Top ranks by numbers, and the metric '{by}' is a text; name another one.", nameof(by));
            }

            names.Add(metrics[column].Name);
        }

        throw new ArgumentException(
            $"There is no metric '{by}' to rank by; {NearestWord.NameOne(by, names)}", nameof(by));
    }

    private static ArgumentException NoPart(string query, string name, List<string> names)
    {
        if (names.Count == 0)
        {
            return new ArgumentException(
                $"The query '{query}' groups by a single key, so there is nothing for '{name}' to group further; "
                + "leave within out, or group the query by several keys.",
                nameof(name));
        }

        return new ArgumentException(
            $"The key of the query '{query}' has no part '{name}'; name one of '{string.Join("', '", names)}'.",
            nameof(name));
    }
}
