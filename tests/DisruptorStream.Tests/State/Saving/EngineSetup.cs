using DisruptorStream.Aggregation;
using DisruptorStream.Plans;
using DisruptorStream.State.Panes;
using DisruptorStream.State.Sessions.Clocks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Gaps;
using DisruptorStream.Windows.Grids;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.Tests.State.Saving;

/// <summary>What a <see cref="SavedEngine"/> is built from.</summary>
internal sealed record EngineSetup
{
    public required string Name { get; init; }

    public required WindowDefinition Window { get; init; }

    public required Action<AggregateBuilder> Aggregate { get; init; }

    public long AllowedLatenessTicks { get; init; }

    public long OutOfOrdernessTicks { get; init; }

    public long IdleTimeoutTicks { get; init; } = -1;

    public bool ProcessingTime { get; init; }

    /// <summary>How the time of each key goes on; null where all go by the same watermark.</summary>
    public KeyTimeRules? KeyTime { get; init; }

    public AccumulationMode Accumulation { get; init; }

    public GapFilling? Gaps { get; init; }

    public PaneTrigger? Early { get; init; }

    public PaneTrigger? Late { get; init; }

    public int MaxWindowsPerKey { get; init; } = 1000;

    public WindowOverflowPolicy Overflow { get; init; }

    public int MaxSlices { get; init; } = 1000;

    /// <summary>What follows from the windows. The limit of windows is that of the stores alone.</summary>
    public WindowPlan Plan => Window switch
    {
        not GapWindows when KeyTime is not null => new KeyedWindowPlan(Window, int.MaxValue),
        GridWindows windows when Accumulation == AccumulationMode.Accumulating && Early is null =>
            new SharedSlicePlan(windows, MaxSlices, ProcessingTime),
        GridWindows windows => new OwnWindowPlan(windows, int.MaxValue),
        SeveralWindows windows => new LeveledSlicePlan(windows, MaxSlices, ProcessingTime),
        AssignedWindows windows => new OwnWindowPlan(windows, int.MaxValue),
        SilenceWindows windows => new SilencePlan(windows, int.MaxValue),
        var windows => new SessionPlan((GapWindows)windows, int.MaxValue),
    };

    public override string ToString() => Name;
}
