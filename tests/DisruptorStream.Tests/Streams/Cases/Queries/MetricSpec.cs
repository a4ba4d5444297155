using DisruptorStream.Aggregation;

namespace DisruptorStream.Tests.Streams.Cases.Queries;

/// <summary>
/// A metric: in the stream with its filter, and alone over measures that are no numbers where that refuses.
/// </summary>
/// <param name="Kind">Which metric.</param>
/// <param name="Measure">Which double it reads: 0 or 1.</param>
/// <param name="Filter">Which filter it has; -1 for none.</param>
internal sealed record MetricSpec(int Kind, int Measure, int Filter)
{
    public const int Kinds = 14;

    /// <summary>The doubles that it reads.</summary>
    public int[] Reads => Kind switch
    {
        0 or 1 => [],
        12 or 13 => [0, 1],
        _ => [Measure],
    };

    private string Name => Measure == 0 ? "first" : "second";

    public void AddTo(AggregateBuilder<Reading> builder, string name)
    {
        // Different filters may be written in the same way.
        const string Text = "where";
        var where = Filter < 0 ? null : Reading.Filters[Filter];
        _ = Kind switch
        {
            0 => builder.Count(name, where, Text),
            1 => builder.Sum(name, "whole", where: where, whereText: Text),
            2 => builder.Sum(name, Name, where: where, whereText: Text),
            3 => builder.Sum(name, Name, SumMode.Compensated, where, Text),
            4 => builder.Average(name, Name, where: where, whereText: Text),
            5 => builder.Min(name, Name, where, Text),
            6 => builder.Max(name, Name, where, Text),
            7 => builder.First(name, Name, where, Text),
            8 => builder.Last(name, Name, where, Text),
            9 => builder.Variance(name, Name, where, Text),
            10 => builder.Percentile(name, 50, Name, where: where, whereText: Text),
            11 => builder.MovingAverage(name, 0.25, Name, where, Text),
            12 => builder.WeightedAverage(name, "first", "second", where, Text),
            _ => builder.ArgMax(name, "first", "second", where, Text),
        };
    }

    public void AddAlone(AggregateBuilder builder, string name)
    {
        var tail = Filter < 0 ? "" : $"@{Filter}";
        _ = Kind switch
        {
            0 when Filter < 0 => builder.Count(name),
            0 => builder.Sum(name, "one" + tail),
            1 => builder.Sum(name, "whole" + tail),
            2 => builder.Sum(name, Name + tail),
            3 => builder.Sum(name, Name + tail, SumMode.Compensated),
            4 => builder.Average(name, Name + tail),
            5 => builder.Min(name, Name + tail),
            6 => builder.Max(name, Name + tail),
            7 => builder.First(name, Name + tail),
            8 => builder.Last(name, Name + tail),
            9 => builder.Variance(name, Name + tail),
            10 => builder.Percentile(name, 50, Name + tail),
            11 => builder.MovingAverage(name, 0.25, Name + tail),
            12 => builder.WeightedAverage(name, "first" + tail, "second" + tail),
            _ => builder.ArgMax(name, "first" + tail, "second" + tail),
        };
    }
}
