namespace DisruptorStream.Cli.Aggregates.Exact;

/// <summary>Which of two integers of a pane is kept.</summary>
internal interface IExactChoice
{
    static abstract bool Prefers(in ExactState left, in ExactState right);
}
