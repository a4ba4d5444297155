namespace DisruptorStream.Cli.Aggregates.Exact;

/// <summary>The smallest is kept.</summary>
internal readonly struct Smallest : IExactChoice
{
    public static bool Prefers(in ExactState left, in ExactState right) => ExactState.IsSmaller(in left, in right);
}
