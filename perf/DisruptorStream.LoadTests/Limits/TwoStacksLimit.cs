using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>
/// Sliding windows by two stacks for each key: one merge per slide and key, and now and then all of them.
/// </summary>
internal sealed class TwoStacksLimit : Limit
{
    private readonly int _panes;
    private readonly int _keys;
    private readonly Moments[] _pane;
    private readonly Moments[] _ring;
    private readonly Moments[] _suffix;
    private readonly Moments[] _back;
    private long _paneEnd;
    private int _inFront;
    private int _inBack;

    public TwoStacksLimit(Workload work)
        : base(work.SlideMilliseconds)
    {
        _panes = (int)(work.SizeMilliseconds / work.SlideMilliseconds);
        _keys = work.Keys;
        _pane = NewStates(_keys);
        _back = NewStates(_keys);
        _ring = NewStates(_panes * _keys);
        _suffix = NewStates(_panes * _keys);
    }

    public override void Finish()
    {
        for (var pane = 0; pane < _panes; pane++)
            Slide();
    }

    protected override void Run(ReadOnlySpan<InputEvent> events)
    {
        if (_paneEnd == 0)
            _paneEnd = End;
        while (_paneEnd < End)
            Slide();
        var pane = _pane;
        foreach (ref readonly var next in events)
            pane[next.Key].Add(next.Value);
    }

    protected override void Close()
    {
    }

    private static Moments[] NewStates(int count)
    {
        var states = new Moments[count];
        states.AsSpan().Fill(Moments.Empty);
        return states;
    }

    private void Slide()
    {
        if (_inFront + _inBack == _panes)
        {
            if (_inFront == 0)
                Flip();
            _inFront--;
        }

        _pane.CopyTo(_ring.AsSpan(_inBack++ * _keys));
        var front = _panes - _inFront;
        for (var key = 0; key < _keys; key++)
        {
            _back[key].Merge(_pane[key]);
            var window = _back[key];
            if (_inFront > 0)
                window.Merge(_suffix[(front * _keys) + key]);
            window.Emit(Digest, _paneEnd, key);
        }

        _pane.AsSpan().Fill(Moments.Empty);
        _paneEnd += Size;
    }

    private void Flip()
    {
        for (var key = 0; key < _keys; key++)
        {
            var sum = Moments.Empty;
            for (var pane = _panes - 1; pane >= 0; pane--)
            {
                sum.Merge(_ring[(pane * _keys) + key]);
                _suffix[(pane * _keys) + key] = sum;
            }
        }

        _back.AsSpan().Fill(Moments.Empty);
        _inFront = _panes;
        _inBack = 0;
    }
}
