using DisruptorStream.Emission.Merging;
using DisruptorStream.State.Panes;

namespace DisruptorStream.Pipeline;

/// <summary>Hands the panes of a query to those that read them, and all rows on.</summary>
internal sealed class PaneTee : ResultOutput
{
    private readonly ResultOutput _output;
    private readonly PaneFeed[] _readers;

    /// <param name="output">Where all rows go.</param>
    /// <param name="readers">The queries that read the panes; at least one.</param>
    public PaneTee(ResultOutput output, PaneFeed[] readers)
    {
        _output = output;
        _readers = readers;
    }

    public override long HeldSequence => _output.HeldSequence;

    public override void Add(in ResultHeader header, ReadOnlySpan<long> values)
    {
        foreach (var reader in _readers)
            reader.Add(in header, values);
        _output.Add(in header, values);
    }

    public override void Add(PaneGroup panes)
    {
        for (var pane = 0; pane < panes.Count; pane++)
        {
            foreach (var reader in _readers)
                reader.Add(panes.HeaderOf(pane), panes.ValuesOf(pane));
        }

        _output.Add(panes);
    }

    public override void Flush() => _output.Flush();

    public override void Advance(long sequence) => _output.Advance(sequence);

    public override void FlushSinks(long sequence) => _output.FlushSinks(sequence);
}
