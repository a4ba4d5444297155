using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>Sliding windows from panes of one slide: each window merges all of its panes.</summary>
internal sealed class PanesLimit : SlidingLimit
{
    private readonly Moments[] _ring;
    private int _current;

    public PanesLimit(Workload work)
        : base(work) => _ring = NewStates(Panes * Keys);

    protected override Span<Moments> Pane => _ring.AsSpan(_current * Keys, Keys);

    protected override void EmitAndAdvance()
    {
        for (var key = 0; key < Keys; key++)
        {
            var window = Moments.Empty;
            for (var pane = 0; pane < Panes; pane++)
                window.Merge(_ring[(pane * Keys) + key]);
            window.Emit(Digest, PaneEnd, key);
        }

        _current = (_current + 1) % Panes;
        Pane.Fill(Moments.Empty);
    }
}
