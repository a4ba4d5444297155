using DisruptorStream.Aggregation.Filters;
using DisruptorStream.Emission.Ranking;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Plans;
using DisruptorStream.State;
using DisruptorStream.State.Panes;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;
using DisruptorStream.Windows.Gaps;
using DisruptorStream.Windows.Grids;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.Building.Planning;

/// <summary>Makes the plan of what the builder was told; refuses what does not go together.</summary>
internal static class ProcessorPlanner
{
    private const string OnlyQuery = "default";
    private const string OnlyKey = "key";
    private const int StagedResultRows = 4096;
    private const int RunRingCapacity = 4096;
    private const int MostInlineSlots = 1024;

    /// <exception cref="ArgumentException">The settings do not go together.</exception>
    public static ProcessorPlan Plan<TKey>(PipelineDefinition<TKey> definition)
        where TKey : notnull
    {
        KeyTimes.ThrowIfSourcesCount(definition);
        var query = QueryOf(definition);
        if (definition.Filters.Taken is { } filter)
        {
            ThrowUnlessFilterable(definition, filter);
            query = query with
            {
                Selection = new SelectionPlan
                {
                    Filter = filter.Number,
                    FilterName = filter.Text,
                    Measures = StreamPlanner.MeasuresReadBy(query),
                },
            };
        }

        return new ProcessorPlan
        {
            Name = definition.Name,
            Inputs = [InputOf(definition, query.Window)],
            Queries = [query],
            Execution = ExecutionOf(definition.Options, definition.TickInterval, definition.ClockMatters),
        };
    }

    private static void ThrowUnlessFilterable<TKey>(PipelineDefinition<TKey> definition, MetricFilter filter)
        where TKey : notnull
    {
        if (definition.Options.Mode == ExecutionMode.Staged || definition.Options.ShardCount > 1)
        {
            throw new ArgumentException(
                $"The processor takes the events of the filter '{filter.Text}' alone, which is done on one thread; "
                + "leave ShardCount at 1, and Mode at Auto, Fused or Inline, or filter the metrics instead.",
                nameof(definition));
        }

        if (definition.Watermarks.JumpGuard is not null)
        {
            throw new ArgumentException(
                $"The processor takes the events of the filter '{filter.Text}' alone, and has a JumpGuard, which looks "
                + "at all of them; leave one of the two out, or filter the metrics instead.",
                nameof(definition));
        }
    }

    private static InputPlan InputOf<TKey>(PipelineDefinition<TKey> definition, WindowPlan window)
        where TKey : notnull
    {
        return new InputPlan
        {
            Filters = definition.Filters.Names,
            Keys =
            [
                new KeyPlan
                {
                    Name = OnlyKey,
                    IsNamed = false,
                    KeyType = typeof(TKey),
                    MaxKeys = definition.Options.MaxKeys,
                },
            ],
            MaxOutOfOrdernessTicks = definition.Watermarks.MaxOutOfOrderness?.Ticks ?? -1,
            IdleTimeoutTicks = definition.Watermarks.IdleTimeout?.Ticks ?? -1,
            JumpGuard = GuardOf(definition),
            WatermarkHistory = definition.Options.WatermarkHistory,
            QuietAfterTicks = definition.KeyTime is null ? definition.Watermarks.AdvanceWhenQuiet?.Ticks ?? -1 : -1,
            Rules = new PublishRules
            {
                Measures = definition.Measures,

                // The two ends of time are reserved.
                FirstTicks = long.MinValue + 1,
                LastTicks = long.MaxValue - 1 - window.ReachTicks,
                FutureSkewTicks = definition.Options.FutureSkewLimit?.Ticks,
                NonFinite = definition.Options.NonFinite,
                ProcessingTime = definition.ProcessingTime,
            },
        };
    }

    private static JumpGuardOptions? GuardOf<TKey>(PipelineDefinition<TKey> definition)
        where TKey : notnull
    {
        if (definition.Watermarks.JumpGuard is not { } guard)
            return null;
        ThrowUnlessEventsMoveTime(definition.Watermarks, definition.ProcessingTime);
        return guard.Key is null ? guard : throw new ArgumentException(
            $"The JumpGuard looks at the key '{guard.Key}', and a processor has one key, which has no name; leave Key "
            + "out.",
            nameof(definition));
    }

    /// <summary>Refuses a jump guard where events do not move event time.</summary>
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void ThrowUnlessEventsMoveTime(WatermarkOptions watermarks, bool processingTime)
    {
        if (!processingTime && watermarks.MaxOutOfOrderness is not null)
            return;
        throw new ArgumentException(
            "There is a JumpGuard, and no event moves event time: "
                + (processingTime
                    ? "windows go by the clock; leave one of the two out."
                    : "MaxOutOfOrderness is null; set it, or leave the guard out."),
            nameof(watermarks));
    }

    /// <summary>The plan of a query.</summary>
    /// <exception cref="ArgumentException">The settings do not go together.</exception>
    public static QueryPlan QueryOf<TKey>(PipelineDefinition<TKey> definition)
        where TKey : notnull
    {
        var options = definition.Options;
        var lateness = AllowedLatenessTicks(definition);

        // The newest pane is compared with those before it, also where its metric has no value: then nothing follows.
        var nonFinite = definition.Window is GridWindows { FollowNewest: true }
            ? NonFinitePolicy.RejectEvent
            : options.NonFinite;
        return new QueryPlan
        {
            Name = OnlyQuery,
            KeyColumn = 0,
            Measures = definition.Measures,
            Window = WindowPlans.Of(definition),
            KeyTime = KeyTimes.Of(definition),
            AllowedLatenessTicks = lateness,
            Accumulation = definition.Accumulation,
            Early = definition.Early,
            Late = LateOf(definition, lateness),
            Gaps = GapsOf(definition),
            Top = TopOf(definition, lateness),
            Having = definition.Having,
            Metrics = definition.Metrics,
            Layout = AggregatePlan.LayOut(definition.Metrics, nonFinite),
            NonFinite = nonFinite,
            MaxWindowsPerKey = options.MaxWindowsPerKey,
            WindowOverflow = options.WindowOverflow,
            MaxSlices = options.MaxSlices,
            RetentionTicks = options.WindowRetention == TimeSpan.MaxValue ? null : options.WindowRetention.Ticks,
            RoutesDropped = definition.DroppedEventSinks.Count > 0,
        };
    }

    private static GapFilling? GapsOf<TKey>(PipelineDefinition<TKey> definition)
        where TKey : notnull
    {
        if (definition.Gaps is null)
            return null;
        if (definition.Window is SeveralWindows)
        {
            throw new ArgumentException(
                "Gaps are filled where windows have one size, and here there are several; leave FillGaps out, or give "
                + "the size whose gaps are to be filled a query or a processor of its own.",
                nameof(definition));
        }

        if (definition.Window is GridWindows { FollowNewest: true })
        {
            throw new ArgumentException(
                "Gaps cannot be filled where each pane has a window with earlier ones; leave FillGaps out, or fill the "
                + "gaps of the query that is read.",
                nameof(definition));
        }

        if (definition.Window is ZonedWindows)
        {
            throw new ArgumentException(
                "Gaps are filled where all keys have the same windows, and here each has those of its time zone; leave "
                + "FillGaps out, or give each zone a processor of its own.",
                nameof(definition));
        }

        if (definition.Window is not GridWindows)
        {
            throw new ArgumentException(
                "Gaps cannot be filled where windows follow their events, as sessions and custom windows do; use "
                + "tumbling, sliding or calendar windows, or leave FillGaps out.",
                nameof(definition));
        }

        return definition.Accumulation == AccumulationMode.Accumulating ? definition.Gaps : throw new ArgumentException(
            $"Gaps are filled where panes accumulate, and here they are {definition.Accumulation}; leave out "
            + "Accumulation or FillGaps.",
            nameof(definition));
    }

    private static TopRanking? TopOf<TKey>(PipelineDefinition<TKey> definition, long latenessTicks)
        where TKey : notnull
    {
        if (definition.Top is null)
            return null;
        if (definition.Window is not GridWindows)
        {
            throw new ArgumentException(
                definition.Window is SeveralWindows
                    ? "Top ranks the keys of windows of one size, and here are several; give each size a query or a "
                        + "processor of its own, or leave Top out."
                    : "Top ranks the keys of one window, and sessions, custom windows and those in the zone of each "
                        + "key are each key's own; use tumbling, sliding or calendar windows, or leave Top out.",
                nameof(definition));
        }

        if (definition.Having is not null && latenessTicks > 0)
        {
            throw new ArgumentException(
                "Top keeps the panes of a window while late events may change them, and a late pane that Having leaves "
                + "out would keep its earlier place in the list; leave out AllowedLateness or Having.",
                nameof(definition));
        }

        if (definition.Early is not null)
        {
            throw new ArgumentException(
                "Top ranks complete windows, and early panes show windows that are not; leave out early panes or Top.",
                nameof(definition));
        }

        return definition.Accumulation == AccumulationMode.Accumulating ? definition.Top : throw new ArgumentException(
            $"Top ranks panes that accumulate, and here they are {definition.Accumulation}; leave out Accumulation or "
            + "Top.",
            nameof(definition));
    }

    /// <summary>How often the clock enters the sequence: as often as the shortest wait for it asks.</summary>
    public static TimeSpan TickIntervalOf(
        StreamProcessorOptions options, TimeSpan? shortestDelay, WatermarkOptions watermarks)
    {
        var interval = options.WatermarkInterval;
        if (shortestDelay is { } delay && delay < interval)
            interval = delay;
        if (watermarks.IdleTimeout is { } idle && idle < interval)
            interval = idle;
        if (watermarks.AdvanceWhenQuiet is { } quiet && quiet < interval)
            interval = quiet;
        return interval < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : interval;
    }

    /// <summary>On which threads the stages run.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="tickInterval">The cadence of ticks.</param>
    /// <param name="clockMatters">Whether results depend on the clock.</param>
    /// <exception cref="ArgumentException">The settings do not go together.</exception>
    public static ExecutionPlan ExecutionOf(StreamProcessorOptions options, TimeSpan tickInterval, bool clockMatters)
    {
        var mode = ModeOf(options);
        return new ExecutionPlan
        {
            Mode = mode,
            ShardCount = options.ShardCount,
            RingCapacity = mode == ExecutionMode.Inline
                ? Math.Min(options.RingCapacity, MostInlineSlots)
                : options.RingCapacity,
            ResultRows = mode == ExecutionMode.Staged ? StagedResultRows : 1,
            RunRingCapacity = mode == ExecutionMode.Staged ? RunRingCapacity : 0,
            Workers = mode == ExecutionMode.Fused ? [[0]] : [],
            WaitStrategy = options.WaitStrategy,
            TickInterval = tickInterval,
            ClockMatters = clockMatters,
        };
    }

    private static ExecutionMode ModeOf(StreamProcessorOptions options)
    {
        var mode = options.Mode == ExecutionMode.Auto
            ? options.ShardCount > 1 ? ExecutionMode.Staged : ExecutionMode.Fused
            : options.Mode;
        return mode == ExecutionMode.Staged || options.ShardCount == 1 ? mode : throw new ArgumentException(
            $"With more than one shard, Mode must be Staged or Auto; ShardCount is {options.ShardCount} and Mode is "
                + $"{mode}.",
            nameof(options));
    }

    private static long AllowedLatenessTicks<TKey>(PipelineDefinition<TKey> definition)
        where TKey : notnull
    {
        if (definition.ProcessingTime || definition.Window is SilenceWindows)
            return 0;
        return definition.AllowedLateness?.Ticks ?? definition.Options.AllowedLatenessTicks;
    }

    /// <summary>
    /// None where no window takes an event after it has fired; a user's own trigger may want to be told of panes
    /// regardless. Where late panes are off but there are early ones, late events are counted for the early trigger,
    /// which takes over if a session that has fired goes on.
    /// </summary>
    private static PaneTrigger? LateOf<TKey>(PipelineDefinition<TKey> definition, long latenessTicks)
        where TKey : notnull
    {
        if (latenessTicks == 0 && definition.Late is not { IsUserCode: true })
            return null;
        if (definition.Late is not null || definition.Early is null)
            return definition.Late;
        return PaneTrigger.Create<CountDelayTrigger, CountDelayTrigger.State>(CountDelayTrigger.Never);
    }
}
