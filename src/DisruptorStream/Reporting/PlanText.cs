using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Derived;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Expressions.Syntax;
using DisruptorStream.Plans;
using DisruptorStream.State.Accumulators;
using DisruptorStream.Topology;

namespace DisruptorStream.Reporting;

/// <summary>Says what a plan is, for people.</summary>
internal static class PlanText
{
    // A bound above this bounds nothing.
    private const double MostBytesOfAMachine = 1L << 40;

    /// <param name="parts">The processor.</param>
    /// <param name="index">Which of its queries.</param>
    public static ExplainPlan Describe(ProcessorParts parts, int index = 0)
    {
        var plan = parts.Plan;
        var (input, query) = (plan.Inputs[0], plan.Queries[index]);
        var maxKeys = input.Keys[query.KeyColumn].MaxKeys;
        var recordBytes = parts.Queries[index].Stages[0].Store.BytesPerRecord;
        var layout = query.Layout;
        var most = ((double)recordBytes + layout.MaxBlockBytes) * maxKeys * query.Window.MaxRecordsPerKey;
        return new ExplainPlan
        {
            Name = plan.Name,
            Mode = plan.Execution.Mode,
            ShardCount = plan.Execution.ShardCount,
            Windows = $"{query.Window.Definition.Describe()}, {(input.ProcessingTime ? "processing" : "event")} time",
            Store = query.Window.StoreName,
            CostPerEvent = query.Window.CostPerEvent,
            Accumulators = Array.ConvertAll([.. layout.Accumulators], Describe),
            Expressions = Describe(query.Metrics),
            BytesPerKeyAndWindow = recordBytes,
            RingBytes = parts.RingBytes,
            MaxBlockBytesPerKeyAndWindow = layout.MaxBlockBytes,
            MaxStateBytes = most,
            StateLimit = LimitOf(most, maxKeys, query.Window),
        };
    }

    private static string LimitOf(double mostBytes, int maxKeys, WindowPlan window)
    {
        var settings = string.Create(
            CultureInfo.InvariantCulture,
            $"MaxKeys ({maxKeys:N0}) and {window.LimitName} ({window.MaxRecordsPerKey:N0})");
        return mostBytes <= MostBytesOfAMachine
            ? string.Create(CultureInfo.InvariantCulture, $"{mostBytes:N0} bytes, by {settings}")
            : $"none: {settings} allow more than a machine has";
    }

    private static List<string> Describe(IReadOnlyList<MetricDefinition> metrics)
    {
        var expressions = new List<string>();
        foreach (var metric in metrics)
        {
            if (metric is not ExpressionMetric made)
                continue;
            expressions.Add(
                $"{made.Name} = {ExpressionPrinter.Print(made.Expression)}, "
                + (made.Type == MeasureType.Int64 ? "an integer" : "a double"));
        }

        return expressions;
    }

    private static string Describe(AccumulatorInfo accumulator)
    {
        var blocks = accumulator.MaxBlockBytes == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $" and at most {accumulator.MaxBlockBytes} more in blocks");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{accumulator.Identity}, {accumulator.SizeBytes} bytes{blocks}, read by "
            + $"{string.Join(", ", accumulator.Metrics)}");
    }
}
