using DisruptorStream.State.Panes;

namespace DisruptorStream.LoadTests.Saving;

/// <summary>An output of which nothing is kept.</summary>
internal sealed class NoRows : PaneOutput
{
    public NoRows(int width)
        : base(width)
    {
    }

    protected override void Emit(in ResultHeader header, ReadOnlySpan<long> values)
    {
    }
}
