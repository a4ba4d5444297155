using DisruptorStream.Plans;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Building.Planning;

/// <summary>Makes the plan of the windows that the builder was told.</summary>
internal static class WindowPlans
{
    /// <exception cref="ArgumentException">The settings do not go together.</exception>
    public static WindowPlan Of<TKey>(PipelineDefinition<TKey> definition)
        where TKey : notnull
    {
        var options = definition.Options;
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
}
