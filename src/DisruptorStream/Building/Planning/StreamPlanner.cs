using DisruptorStream.Aggregation;
using DisruptorStream.Ingest;
using DisruptorStream.Messages;
using DisruptorStream.Plans;

namespace DisruptorStream.Building.Planning;

/// <summary>Makes the plan of what the builder of a stream was told; refuses what does not go together.</summary>
internal static class StreamPlanner
{
    /// <exception cref="ArgumentException">The settings do not go together.</exception>
    public static ProcessorPlan Plan<TEvent>(StreamDefinition<TEvent> definition)
    {
        if (definition.Queries.Count == 0)
        {
            throw new ArgumentException(
                $"The stream '{definition.Name}' has no query; add at least one.", nameof(definition));
        }

        ThrowIfSharded(definition.Name, definition.Options);
        var measures = MeasuresOf(definition);
        var queries = new QueryPlan[definition.Queries.Count];
        for (var query = 0; query < queries.Length; query++)
        {
            queries[query] = QueryOf(definition, definition.Queries[query]);
            if (queries[query].Panes is { } panes)
                KeyTimes.ThrowIfRead(queries[query].Name, queries[query], queries[panes.Query]);
        }

        return new ProcessorPlan
        {
            Name = definition.Name,
            IsStream = true,
            Inputs = [InputOf(definition, measures, queries)],
            Queries = queries,
            Execution = ExecutionOf(definition, queries),
        };
    }

    private static void ThrowIfSharded(string name, StreamProcessorOptions options)
    {
        if (options.ShardCount == 1)
            return;
        throw new ArgumentException(
            $"The stream '{name}' divides its work by queries, not by keys, and its options ask for "
            + $"{options.ShardCount} shards; leave ShardCount at 1, and set Mode to Staged for a thread for each "
            + "query.",
            nameof(options));
    }

    /// <summary>The key that the jump guard looks at: the one that it names, or the only one.</summary>
    private static int GuardedKeyOf<TEvent>(StreamDefinition<TEvent> definition)
    {
        if (definition.Watermarks.JumpGuard is not { } guard)
            return 0;
        ProcessorPlanner.ThrowUnlessEventsMoveTime(definition.Watermarks, definition.ProcessingTime);
        var names = new List<string>();
        foreach (var key in definition.Keys)
            names.Add(key.Name);
        if (guard.Key is null && names.Count == 1)
            return 0;
        var column = guard.Key is { } name ? names.IndexOf(name) : -1;
        if (column >= 0)
            return column;
        throw new ArgumentException(
            guard.Key is null
                ? $"The events of the stream '{definition.Name}' have several keys, and its JumpGuard does not say "
                    + "which one tells the clocks apart; set Key: " + NearestWord.NameOne("", names)
                : $"The JumpGuard of the stream '{definition.Name}' looks at the key '{guard.Key}', which its events "
                    + "do not have; " + NearestWord.NameOne(guard.Key, names),
            nameof(definition));
    }

    /// <summary>The measures of a slot: at least one.</summary>
    private static IReadOnlyList<MeasureDefinition> MeasuresOf<TEvent>(StreamDefinition<TEvent> definition) =>
        definition.Measures.Definitions.Count > 0
            ? definition.Measures.Definitions
            : [new MeasureDefinition("value", 0, MeasureType.Double)];

    private static QueryPlan QueryOf<TEvent>(StreamDefinition<TEvent> definition, StreamQueryDefinition query)
    {
        var plan = query.PlanOf(definition);
        if (query.Panes is { IncludesLate: true } && !plan.Window.KeepsPanes)
        {
            throw new ArgumentException(
                $"The query '{query.Name}' reads late panes too, each of which takes the place of an earlier one, and "
                + $"its windows ({plan.Window.Definition.Describe()}, {plan.Window.StoreName}) cannot take a pane "
                + "back; use tumbling, sliding or calendar windows of one size, without Early and Accumulation, or "
                + "read the panes that are on time alone.",
                nameof(query));
        }

        return plan with
        {
            Name = query.Name,
            KeyColumn = query.KeyColumn,
            Panes = query.Panes,
            Selection = new SelectionPlan
            {
                Filter = query.Panes is not null
                    ? SelectionPlan.Nothing
                    : query.Filter?.Number ?? SelectionPlan.NoFilter,
                FilterName = query.Filter?.Text ?? "",
                Measures = query.Panes is not null ? [] : MeasuresReadBy(plan),
            },
        };
    }

    /// <summary>The measures that the metrics of a query read.</summary>
    public static IReadOnlyList<int> MeasuresReadBy(QueryPlan query)
    {
        var read = new SortedSet<int>();
        foreach (var accumulator in query.Layout.Accumulators)
        {
            if (accumulator.Identity.Measure is { } measure)
                read.Add(measure.Index);
            if (accumulator.Identity.By is { } by)
                read.Add(by.Index);
            foreach (var further in accumulator.Identity.Measures)
                read.Add(further.Index);
        }

        return [.. read];
    }

    private static InputPlan InputOf<TEvent>(
        StreamDefinition<TEvent> definition, IReadOnlyList<MeasureDefinition> measures, QueryPlan[] queries)
    {
        var keys = new List<KeyPlan>();
        foreach (var key in definition.Keys)
        {
            keys.Add(new KeyPlan
            {
                Name = key.Name,
                KeyType = key.Type,
                MaxKeys = definition.Options.MaxKeys,
                Parts = key.Parts,
            });
        }

        return new InputPlan
        {
            Keys = keys,
            Filters = definition.Filters.Texts,
            MaxOutOfOrdernessTicks = definition.Watermarks.MaxOutOfOrderness?.Ticks ?? -1,
            IdleTimeoutTicks = definition.Watermarks.IdleTimeout?.Ticks ?? -1,
            QuietAfterTicks = definition.Watermarks.AdvanceWhenQuiet?.Ticks ?? -1,
            JumpGuard = definition.Watermarks.JumpGuard,
            GuardedKey = GuardedKeyOf(definition),
            WatermarkHistory = definition.Options.WatermarkHistory,
            Rules = new PublishRules
            {
                Measures = measures,

                // The two ends of time are reserved.
                FirstTicks = long.MinValue + 1,
                LastTicks = long.MaxValue - 1 - ReachOf(queries),
                FutureSkewTicks = definition.Options.FutureSkewLimit?.Ticks,
                NonFinite = definition.Options.NonFinite,
                ProcessingTime = definition.ProcessingTime,
            },
        };
    }

    private static ExecutionPlan ExecutionOf<TEvent>(
        StreamDefinition<TEvent> definition, IReadOnlyList<QueryPlan> queries)
    {
        var delay = default(TimeSpan?);
        var clockMatters = definition.ProcessingTime || definition.Watermarks.GoesByClock;
        foreach (var query in definition.Queries)
        {
            clockMatters |= query.ClockMatters;
            if (delay is null || query.ShortestDelay < delay)
                delay = query.ShortestDelay;
        }

        var plan = ProcessorPlanner.ExecutionOf(
            definition.Options,
            ProcessorPlanner.TickIntervalOf(definition.Options, delay, definition.Watermarks),
            clockMatters);
        return plan with
        {
            // No stage of a query has a thread of its own.
            ResultRows = 1,
            RunRingCapacity = 0,
            Workers = WorkersOf(plan, queries),
        };
    }

    private static IReadOnlyList<IReadOnlyList<int>> WorkersOf(ExecutionPlan plan, IReadOnlyList<QueryPlan> queries)
    {
        if (plan.IsInline)
            return [];
        return plan.IsStaged ? QueryGroups.Of(queries) : QueryGroups.One(queries.Count);
    }

    private static long ReachOf(QueryPlan[] queries)
    {
        var reachTicks = 0L;
        foreach (var query in queries)
            reachTicks = Math.Max(reachTicks, query.Window.ReachTicks);
        return reachTicks;
    }
}
