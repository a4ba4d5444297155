namespace DisruptorStream.Conformance.Running;

/// <summary>On which threads the engine runs the vectors.</summary>
internal sealed record RunSettings(ExecutionMode Mode, int ShardCount)
{
    public static RunSettings Inline { get; } = new(ExecutionMode.Inline, 1);

    /// <summary>The options of every vector: no limit of ours, no guard against the future.</summary>
    public StreamProcessorOptions Options => new()
    {
        Mode = Mode,
        ShardCount = ShardCount,
        FutureSkewLimit = null,
        LateEventThreshold = TimeSpan.Zero,
        RingCapacity = 1024,
        WaitStrategy = Mode == ExecutionMode.Inline ? Rings.WaitStrategyKind.Adaptive : Rings.WaitStrategyKind.Blocking,
        MaxWindowsPerKey = 1 << 20,
        MaxSlices = 1 << 24,
        WindowRetention = TimeSpan.MaxValue,
    };

    public override string ToString() => ShardCount == 1 ? $"{Mode}" : $"{Mode} with {ShardCount} shards";
}
