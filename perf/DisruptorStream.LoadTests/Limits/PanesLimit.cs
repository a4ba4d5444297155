using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Limits;

/// <summary>Sliding windows from panes of one slide: each window merges all of its panes.</summary>
internal sealed class PanesLimit : Limit
{
    private readonly int _panes;
    private readonly int _keys;
    private readonly Moments[] _ring;
    private long _paneEnd;
    private int _current;

    public PanesLimit(Workload work)
        : base(work.SlideMilliseconds)
    {
        _panes = (int)(work.SizeMilliseconds / work.SlideMilliseconds);
        _keys = work.Keys;
        _ring = new Moments[_panes * _keys];
        _ring.AsSpan().Fill(Moments.Empty);
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
        var pane = _ring.AsSpan(_current * _keys, _keys);
        foreach (ref readonly var next in events)
            pane[next.Key].Add(next.Value);
    }

    protected override void Close()
    {
    }

    private void Slide()
    {
        for (var key = 0; key < _keys; key++)
        {
            var window = Moments.Empty;
            for (var pane = 0; pane < _panes; pane++)
                window.Merge(_ring[(pane * _keys) + key]);
            window.Emit(Digest, _paneEnd, key);
        }

        _current = (_current + 1) % _panes;
        _ring.AsSpan(_current * _keys, _keys).Fill(Moments.Empty);
        _paneEnd += Size;
    }
}
