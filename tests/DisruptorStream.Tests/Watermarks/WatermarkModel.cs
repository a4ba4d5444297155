using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Watermarks;

/// <summary>
/// The rules of combined watermarks, written down plainly and evaluated over all sources after every step.
/// </summary>
internal sealed class WatermarkModel
{
    private readonly long _maxOutOfOrderness;
    private readonly long _idleTimeout;
    private readonly long _quietAfter;
    private readonly Dictionary<int, Source> _sources = [];
    private readonly List<long> _everReached = [long.MinValue];

    private long _now;
    private bool _isActivity;
    private long _activityClock;
    private long _activityWatermark = long.MinValue;

    public WatermarkModel(long maxOutOfOrderness, long idleTimeout, long quietAfter = -1)
    {
        _quietAfter = quietAfter;
        _maxOutOfOrderness = maxOutOfOrderness;
        _idleTimeout = idleTimeout;
    }

    public long Watermark { get; private set; } = long.MinValue;

    public long Regressions { get; private set; }

    public IEnumerable<SourceStatus> Statuses => _sources
        .OrderBy(pair => pair.Key)
        .Select(pair => new SourceStatus(pair.Key, pair.Value.Watermark, pair.Value.State));

    public void Register(int source, long clock)
    {
        _isActivity = _sources.TryAdd(source, new Source { LastActivity = clock });
        Evaluate();
    }

    public void Remove(int source)
    {
        _sources.Remove(source);
        Evaluate();
    }

    public void Complete(int source) => SetState(source, SourceState.Completed);

    public void MarkIdle(int source) => SetState(source, SourceState.Idle);

    public void MarkActive(int source, long clock)
    {
        _isActivity = !_sources.TryGetValue(source, out var before) || before.State == SourceState.Idle;
        SeeAlive(source, clock);
        Evaluate();
    }

    public void OnWatermark(int source, long watermark, long clock)
    {
        _isActivity = true;
        var seen = SeeAlive(source, clock);
        if (watermark < seen.Watermark)
            Regressions++;
        Reach(seen, watermark);
        Evaluate();
    }

    public void OnEvent(int source, long timestamp, long clock)
    {
        _isActivity = true;
        var seen = SeeAlive(source, clock);
        if (_maxOutOfOrderness >= 0)
            Reach(seen, (long)Int128.Max(long.MinValue, (Int128)timestamp - _maxOutOfOrderness));
        Evaluate();
    }

    public void OnClock(long clock)
    {
        _now = clock;
        foreach (var source in _sources.Values)
        {
            var isSilent = _idleTimeout >= 0 && (Int128)clock - source.LastActivity >= _idleTimeout;
            if (isSilent && source.State == SourceState.Active)
                source.State = SourceState.Idle;
        }

        Evaluate();
    }

    private static void SetStateUnlessCompleted(Source source, SourceState state)
    {
        if (source.State != SourceState.Completed)
            source.State = state;
    }

    private void SetState(int source, SourceState state)
    {
        _isActivity = _sources.TryAdd(source, new Source { LastActivity = long.MinValue });
        SetStateUnlessCompleted(_sources[source], state);
        Evaluate();
    }

    private Source SeeAlive(int source, long clock)
    {
        _sources.TryAdd(source, new Source { LastActivity = clock });
        var seen = _sources[source];
        seen.LastActivity = Math.Max(seen.LastActivity, clock);
        SetStateUnlessCompleted(seen, SourceState.Active);
        return seen;
    }

    private void Reach(Source source, long watermark)
    {
        if (source.State == SourceState.Completed)
            return;
        source.Watermark = Math.Max(source.Watermark, Math.Min(watermark, long.MaxValue - 1));
        _everReached.Add(source.Watermark);
    }

    private void Evaluate()
    {
        Combine();
        if (_isActivity || (_activityWatermark == long.MinValue && Watermark != long.MinValue))
            (_activityClock, _activityWatermark) = (_now, Watermark);
        _isActivity = false;
        var isFinished = _sources.Count > 0
            && _sources.Values.All(source => source.State == SourceState.Completed);
        if (_quietAfter < 0 || isFinished || _activityWatermark == long.MinValue
            || _now - _activityClock < _quietAfter)
        {
            return;
        }

        var gone = (Int128)_activityWatermark + _now - _activityClock;
        Watermark = Math.Max(Watermark, (long)Int128.Min(gone, long.MaxValue - 1));
    }

    private void Combine()
    {
        if (_sources.Count == 0)
            return;

        var remaining = _sources.Values.Where(source => source.State != SourceState.Completed).ToList();
        var active = remaining.Where(source => source.State == SourceState.Active).ToList();
        var candidate = remaining.Count == 0 ? long.MaxValue
            : active.Count == 0 ? _everReached.Max()
            : active.Min(source => source.Watermark);
        Watermark = Math.Max(Watermark, candidate);
    }

    private sealed class Source
    {
        public long Watermark { get; set; } = long.MinValue;

        public long LastActivity { get; set; }

        public SourceState State { get; set; }
    }
}
