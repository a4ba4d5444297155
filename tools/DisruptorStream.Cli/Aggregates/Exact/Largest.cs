namespace DisruptorStream.Cli.Aggregates.Exact;

/// <summary>The largest is kept.</summary>
internal readonly struct Largest : IExactChoice
{
    public static bool Prefers(in ExactState left, in ExactState right) => ExactState.IsSmaller(in right, in left);
}
