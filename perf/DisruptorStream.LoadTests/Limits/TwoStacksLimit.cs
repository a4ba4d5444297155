using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>
/// Sliding windows by two stacks for each key: one merge per slide and key, and now and then all of them.
/// </summary>
internal sealed class TwoStacksLimit : SlidingLimit
{
    private readonly Moments[] _pane;
    private readonly Moments[] _ring;
    private readonly Moments[] _suffix;
    private readonly Moments[] _back;
    private int _inFront;
    private int _inBack;

    public TwoStacksLimit(Workload work)
        : base(work)
    {
        _pane = NewStates(Keys);
        _back = NewStates(Keys);
        _ring = NewStates(Panes * Keys);
        _suffix = NewStates(Panes * Keys);
    }

    protected override Span<Moments> Pane => _pane;

    protected override void EmitAndAdvance()
    {
        if (_inFront + _inBack == Panes)
        {
            if (_inFront == 0)
                Flip();
            _inFront--;
        }

        _pane.CopyTo(_ring.AsSpan(_inBack++ * Keys));
        var front = Panes - _inFront;
        for (var key = 0; key < Keys; key++)
        {
            _back[key].Merge(_pane[key]);
            var window = _back[key];
            if (_inFront > 0)
                window.Merge(_suffix[(front * Keys) + key]);
            window.Emit(Digest, PaneEnd, key);
        }

        _pane.AsSpan().Fill(Moments.Empty);
    }

    private void Flip()
    {
        for (var key = 0; key < Keys; key++)
        {
            var sum = Moments.Empty;
            for (var pane = Panes - 1; pane >= 0; pane--)
            {
                sum.Merge(_ring[(pane * Keys) + key]);
                _suffix[(pane * Keys) + key] = sum;
            }
        }

        _back.AsSpan().Fill(Moments.Empty);
        _inFront = Panes;
        _inBack = 0;
    }
}
