using DisruptorStream.Conformance.Cases;

namespace DisruptorStream.Properties.Model;

/// <summary>Rule 31 for one source, as plainly as it can be put.</summary>
internal sealed class ModelGuard
{
    private const int MostHeld = 1024;

    private readonly JumpGuardShape _shape;
    private readonly long _bound;
    private readonly HashSet<string> _keys = [];
    private List<WindowStep.Event> _held = [];
    private long? _newest;

    public ModelGuard(JumpGuardShape shape, long bound)
    {
        _shape = shape;
        _bound = bound;
    }

    public bool IsConfirmed => _held.Count > 0
        && (_held.Select(held => held.Key).Distinct().Count() >= _shape.Keys
            || (_held.Count >= _shape.Events && _keys.Count < _shape.Keys));

    /// <summary>Holds the event if it is a jump.</summary>
    public bool TryHold(WindowStep.Event published, long watermark, out int tooMany)
    {
        tooMany = 0;
        _keys.Add(published.Key);
        if (!IsJump(published.Time, watermark))
            return false;
        if (_held.Count == MostHeld)
        {
            _held.RemoveAt(0);
            tooMany = 1;
        }

        _held.Add(published);
        return true;
    }

    /// <summary>All that is held; the lowest of the times is now the newest.</summary>
    public List<WindowStep.Event> TakeAll()
    {
        var all = _held;
        _held = [];
        if (all.Count > 0)
            _newest = Math.Max(_newest ?? long.MinValue, all.Min(held => held.Time));
        return all;
    }

    /// <summary>Goes on holding what is still a jump.</summary>
    public bool TryKeep(WindowStep.Event held, long watermark)
    {
        if (IsJump(held.Time, watermark))
        {
            _held.Add(held);
            return true;
        }

        _newest = Math.Max(_newest!.Value, held.Time);
        return false;
    }

    /// <summary>An ordinary event. Returns how many held ones are refused.</summary>
    public int Pass(long time)
    {
        if (time <= _newest)
            return 0;
        _newest = time;
        var refused = _held.Count;
        _held = [];
        return refused;
    }

    private bool IsJump(long time, long watermark)
    {
        if (_newest is not { } newest)
            return true;
        var reached = watermark == long.MinValue ? newest : Int128.Max(newest, (Int128)watermark + _bound);
        return time > reached + _shape.Jump;
    }
}
