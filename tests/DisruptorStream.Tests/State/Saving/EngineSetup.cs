using DisruptorStream.Aggregation;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

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

    public AccumulationMode Accumulation { get; init; }

    public PaneTrigger? Early { get; init; }

    public PaneTrigger? Late { get; init; }

    public CustomWindows? Custom { get; init; }

    public int MaxWindowsPerKey { get; init; } = 1000;

    public WindowOverflowPolicy Overflow { get; init; }

    public int MaxSlices { get; init; } = 1000;

    public bool UsesSlices => Window.Kind is WindowKind.Tumbling or WindowKind.Sliding
        && Accumulation == AccumulationMode.Accumulating && Early is null;

    public override string ToString() => Name;
}
