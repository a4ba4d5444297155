using DisruptorStream.Plans;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;
using DisruptorStream.Windows.Grids;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.Building.Planning;

/// <summary>Makes the plan of the windows that the builder was told.</summary>
internal static class WindowPlans
{
    /// <exception cref="ArgumentException">The settings do not go together.</exception>
    public static WindowPlan Of<TKey>(PipelineDefinition<TKey> definition)
        where TKey : notnull
    {
        var options = definition.Options;
        if (definition.Window is SilenceWindows silences)
        {
            ThrowUnlessTellable(definition);
            return new SilencePlan(silences, options.MaxWindowsPerKey);
        }

        if (definition.KeyTime is not null && definition.Window is not GapWindows)
            return new KeyedWindowPlan(definition.Window, options.MaxWindowsPerKey);
        var sharesSlices = definition is { Accumulation: AccumulationMode.Accumulating, Early: null };
        return definition.Window switch
        {
            GridWindows windows when sharesSlices =>
                new SharedSlicePlan(windows, options.MaxSlices, definition.ProcessingTime),
            GridWindows { FollowNewest: true } => throw new ArgumentException(
                "Panes with earlier ones accumulate, and none is early; leave out Early and Accumulation.",
                nameof(definition)),
            GridWindows windows => new OwnWindowPlan(windows, options.MaxWindowsPerKey),
            SeveralWindows windows when sharesSlices =>
                new LeveledSlicePlan(windows, options.MaxSlices, definition.ProcessingTime),
            SeveralWindows => throw new ArgumentException(
                "Several sizes share slices where panes accumulate and none is early; leave out Early and "
                + "Accumulation, or give each size a query or a processor of its own.",
                nameof(definition)),
            ZonedWindows windows => new KeyedWindowPlan(windows, options.MaxWindowsPerKey),
            AssignedWindows windows => new OwnWindowPlan(windows, options.MaxWindowsPerKey),
            GapWindows windows => new SessionPlan(windows, options.MaxWindowsPerKey),
            var windows => throw new InvalidOperationException($"The windows {windows} have no plan."),
        };
    }

    private static void ThrowUnlessTellable<TKey>(PipelineDefinition<TKey> definition)
        where TKey : notnull
    {
        var reason = definition switch
        {
            { KeyTime: not null } =>
                "by the time of all keys, as that of a key stands still while it is silent; leave out "
                + "WatermarksPerKey",
            { Top: not null } =>
                "of each key by itself, and Top ranks the keys of one window; leave out Top",
            { Gaps: not null } =>
                "where a key has no events, and so has no windows to fill; leave out FillGaps",
            { Early: not null } =>
                "when the watermark says that it is there, never before; leave out Early",
            { Late.IsUserCode: true } =>
                "once, so that there are no late panes for a trigger; leave out Late",
            { Accumulation: not AccumulationMode.Accumulating } =>
                $"with all events of the run before it, and here panes are {definition.Accumulation}; leave out "
                + "Accumulation",
            { AllowedLateness.Ticks: > 0 } =>
                "once, so that no late event can change it, and the allowed lateness is "
                + $"{definition.AllowedLateness:c}; leave out AllowedLateness, and let MaxOutOfOrderness wait for "
                + "events that come late",
            _ => null,
        };
        if (reason is not null)
            throw new ArgumentException($"A silence is told {reason}.", nameof(definition));
    }
}
