namespace DisruptorStream.Cli.Aggregates.Exact;

/// <summary>The earliest is kept.</summary>
internal readonly struct Earliest : IExactChoice
{
    public static bool Prefers(in ExactState left, in ExactState right) => ExactState.IsEarlier(in left, in right);
}
