using DisruptorStream.Emission.Merging;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Pipeline;

/// <summary>A shard's rows where the shard's thread emits them too: nothing lies in between.</summary>
internal sealed class DirectOutput : PaneOutput
{
    private readonly ResultOutput _output;

    /// <param name="width">The most values of a row.</param>
    /// <param name="output">Where the rows go.</param>
    /// <param name="filter">Says which panes are shown; null for all.</param>
    public DirectOutput(int width, ResultOutput output, PaneFilter? filter = null)
        : base(width, filter) => _output = output;

    protected override void Emit(in ResultHeader header, ReadOnlySpan<long> values) => _output.Add(header, values);

    protected override void Emit(PaneGroup panes) => _output.Add(panes);
}
