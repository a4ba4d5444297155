namespace DisruptorStream.Conformance.Running;

/// <summary>On which threads the engine runs the vectors.</summary>
internal sealed record RunSettings(ExecutionMode Mode, int ShardCount)
{
    public static RunSettings Inline { get; } = new(ExecutionMode.Inline, 1);

    /// <summary>Inline, saved and loaded after each step.</summary>
    public static RunSettings Restarted { get; } = Inline with { Into = [Inline] };

    /// <summary>Saved in each mode after each step, and loaded into the next.</summary>
    public static RunSettings RestartedInTurn { get; } = Inline with
    {
        Into = [new(ExecutionMode.Fused, 1), new(ExecutionMode.Staged, 4), new(ExecutionMode.Staged, 1), Inline],
    };

    /// <summary>As what it goes on, in turn, after its state was saved and loaded; none for no such restart.</summary>
    public IReadOnlyList<RunSettings> Into { get; init; } = [];

    /// <summary>Steps between two restarts, on average; 1 for one after each step.</summary>
    public int StepsPerRestart { get; init; } = 1;

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

    public override string ToString()
    {
        var text = ShardCount == 1 ? $"{Mode}" : $"{Mode} with {ShardCount} shards";
        return Into.Count == 0
            ? text
            : $"{text}, saved and loaded about every {StepsPerRestart} steps into {string.Join(", ", Into)}";
    }
}
