using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Derived;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Expressions.Syntax;
using DisruptorStream.Plans;
using DisruptorStream.State.Accumulators;
using DisruptorStream.State.Sessions.Clocks;
using DisruptorStream.Topology;
using DisruptorStream.Topology.Queries;

namespace DisruptorStream.Reporting;

/// <summary>Says what a plan is, for people.</summary>
internal static class PlanText
{
    // A bound above this bounds nothing.
    private const double MostBytesOfAMachine = 1L << 40;

    /// <summary>The plan of a processor, or of a stream with those of its queries.</summary>
    /// <param name="parts">The processor.</param>
    public static ExplainPlan Describe(ProcessorParts parts)
    {
        var plan = parts.Plan;
        if (!plan.IsStream)
        {
            return DescribeQuery(parts, parts.Queries[0]) with
            {
                Threads = StageNames.Of(plan),
                RingBytes = parts.RingBytes,
            };
        }

        var queries = new List<ExplainPlan>();
        var (bytes, blocks, most) = (0, 0, 0.0);
        foreach (var query in parts.Queries)
        {
            var described = DescribeQuery(parts, query) with
            {
                Keys = [$"{plan.Inputs[0].Keys[query.Plan.KeyColumn].Name}, column {query.Plan.KeyColumn}"],
                Filters = query.Plan.Selection is { Filter: >= 0 } selection
                    ? [$"{selection.FilterName}, one bit tested for each event"]
                    : [],
            };
            queries.Add(described);
            bytes += described.BytesPerKeyAndWindow;
            blocks += described.MaxBlockBytesPerKeyAndWindow;
            most += described.MaxStateBytes;
        }

        var shared = new SharedWork(plan);
        return new ExplainPlan
        {
            Name = plan.Name,
            Mode = plan.Execution.Mode,
            ShardCount = plan.Execution.ShardCount,
            Threads = ThreadsOf(plan),
            Windows = Say($"those of {queries.Count} queries, {TimeOf(plan.Inputs[0])}"),
            Watermarks = WatermarksOf(plan.Inputs[0]),
            Store = shared.Slot,
            CostPerEvent = shared.Cost,
            Accumulators = [],
            Expressions = [],
            Keys = shared.Keys,
            Filters = shared.Filters,
            Queries = queries,
            EventBytes = SharedWork.EventBytes(plan.Inputs[0]),
            BytesPerKeyAndWindow = bytes,
            MaxBlockBytesPerKeyAndWindow = blocks,
            RingBytes = parts.RingBytes,
            MaxStateBytes = most,
            StateLimit = most <= MostBytesOfAMachine
                ? Say($"{most:N0} bytes, the sum of those of the queries")
                : "none: the settings of the queries allow more than a machine has",
        };
    }

    /// <summary>What one query was compiled to.</summary>
    public static ExplainPlan DescribeQuery(ProcessorParts parts, QueryParts queryParts)
    {
        var (plan, query) = (parts.Plan, queryParts.Plan);
        var input = plan.Inputs[0];
        var recordBytes = queryParts.Stages[0].Store.BytesPerRecord;
        var layout = query.Layout;
        var maxKeys = input.Keys[query.KeyColumn].MaxKeys;
        var most = ((double)recordBytes + layout.MaxBlockBytes) * maxKeys * query.Window.MaxRecordsPerKey;
        var ringBytes = 0L;
        foreach (var rows in queryParts.Delivery.Rows)
            ringBytes += rows.BytesReserved;
        return new ExplainPlan
        {
            Name = plan.NameOf(query),
            Mode = plan.Execution.Mode,
            ShardCount = plan.Execution.ShardCount,
            Windows = $"{query.Window.Definition.Describe()}, {TimeOf(input)}",
            Watermarks = query.KeyTime is { } time ? WatermarksOf(time) : WatermarksOf(input),
            Store = query.Window.StoreName,
            CostPerEvent = query.Window.CostPerEvent,
            Accumulators = Array.ConvertAll([.. layout.Accumulators], Describe),
            Expressions = Describe(query.Metrics),
            EventBytes = SharedWork.EventBytes(input),
            Panes = PanesOf(plan, query),
            Having = query.Having,
            Top = query.Top?.Describe(query.AllowedLatenessTicks > 0),
            BytesPerKeyAndWindow = recordBytes,
            MaxBlockBytesPerKeyAndWindow = layout.MaxBlockBytes,
            RingBytes = ringBytes,
            MaxStateBytes = most,
            StateLimit = LimitOf(most, maxKeys, query.Window),
        };
    }

    private static string? PanesOf(ProcessorPlan plan, QueryPlan query)
    {
        if (query.Panes is not { } panes)
            return null;
        var which = panes.SizeTicks == 0 ? "" : Say($" of {TimeSpan.FromTicks(panes.SizeTicks)}");
        var when = panes.IncludesLate ? "on time or late, kept until their windows expire" : "on time";
        return $"those of {plan.Queries[panes.Query].Name}{which} that are {when}";
    }

    private static string WatermarksOf(KeyTimeRules time)
    {
        var text = $"one of each key: its newest event less {TimeSpan.FromTicks(time.MaxOutOfOrdernessTicks)}";
        return time.CloseAfterTicks < 0
            ? text
            : $"{text}; with the clock after {TimeSpan.FromTicks(time.CloseAfterTicks)} without an event of the key";
    }

    private static List<string> ThreadsOf(ProcessorPlan plan)
    {
        var threads = new List<string>();
        for (var worker = 0; worker < plan.Execution.Workers.Count; worker++)
        {
            var queries = new List<string>();
            foreach (var query in plan.Execution.Workers[worker])
                queries.Add(plan.Queries[query].Name);
            threads.Add($"{StageNames.WorkerOf(plan, worker)}, which runs {string.Join(", ", queries)}");
        }

        return threads;
    }

    private static string WatermarksOf(InputPlan input)
    {
        if (input.ProcessingTime)
            return "none; windows go by the clock";
        var parts = new List<string>
        {
            input.MaxOutOfOrdernessTicks < 0
                ? "explicit ones alone"
                : $"newest event of each source less {TimeSpan.FromTicks(input.MaxOutOfOrdernessTicks)}",
        };
        if (input.IdleTimeoutTicks > 0)
            parts.Add($"a source is idle after {TimeSpan.FromTicks(input.IdleTimeoutTicks)}");
        if (input.QuietAfterTicks > 0)
            parts.Add($"with the clock after {TimeSpan.FromTicks(input.QuietAfterTicks)} of quiet");
        if (input.JumpGuard is { } guard)
        {
            parts.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"jumps of {guard.Jump} are held for {guard.Keys} keys, or {guard.Events} events of fewer")
                + (guard.Key is { } key ? $"; the keys are those named {key}" : ""));
        }

        return string.Join("; ", parts);
    }

    private static string TimeOf(InputPlan input) => input.ProcessingTime ? "processing time" : "event time";

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

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
