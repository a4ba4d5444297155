namespace DisruptorStream.Cli.Aggregates.Exact;

/// <summary>The latest is kept.</summary>
internal readonly struct Latest : IExactChoice
{
    public static bool Prefers(in ExactState left, in ExactState right) => ExactState.IsEarlier(in right, in left);
}
