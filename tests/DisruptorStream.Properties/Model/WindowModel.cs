using DisruptorStream.Conformance.Cases;
using DisruptorStream.Conformance.Running;

namespace DisruptorStream.Properties.Model;

/// <summary>
/// The rules of SPEC.md, as plainly as they can be put: lists, and a look at everything at every step.
/// </summary>
internal sealed class WindowModel
{
    private readonly WindowVector _vector;
    private readonly List<ModelWindow> _windows = [];
    private readonly List<Pane> _panes = [];
    private readonly ModelGuard? _guard;
    private readonly GapModel? _gaps;
    private readonly KeyTimeModel? _keys;
    private long _watermark = long.MinValue;
    private long _clock;
    private long _quietSince;
    private long _quietFrom = long.MinValue;
    private long _dropped;
    private bool _hasEnded;
    private int _step;

    /// <param name="vector">What it runs.</param>
    /// <param name="clock">The time when it begins.</param>
    public WindowModel(WindowVector vector, long clock = 0)
    {
        _vector = vector;
        _clock = clock;
        if (vector.PerKey is { } perKey)
            _keys = new KeyTimeModel(vector, perKey);
        if (vector.Fill is { } fill)
            _gaps = new GapModel(fill, vector.Window);
        if (vector is { JumpGuard: { } guard, MaxOutOfOrderness: { } bound })
            _guard = new ModelGuard(guard, bound);
    }

    /// <summary>Events that were late for at least one window: it was complete, or had expired.</summary>
    public long LateEvents { get; private set; }

    public long Events { get; private set; }

    /// <summary>Events that were held for a jump and released, or refused.</summary>
    public long HeldEvents { get; private set; }

    /// <summary>Watermarks that came of the clock alone.</summary>
    public long QuietWatermarks { get; private set; }

    public static WindowOutcome Run(WindowVector vector) => Run(vector, out _);

    public static WindowOutcome Run(WindowVector vector, out WindowModel model)
    {
        model = new WindowModel(vector);
        if (vector.ProcessingTime)
            model._watermark = 0;
        for (var step = 0; step < vector.Steps.Count; step++)
            model.Apply(vector.Steps[step], step);
        model.TakeKeys();
        return new WindowOutcome(model._panes, model._dropped);
    }

    public void Apply(WindowStep step, int number)
    {
        _step = number;
        if (_keys is not null)
        {
            // Its own clock tells new keys when they begin.
            _hasEnded |= step is WindowStep.EndOfInput or WindowStep.Watermark { Time: long.MaxValue };
            _clock = step is WindowStep.Clock now ? Math.Max(_clock, now.Time) : _clock;
            if (_hasEnded && step is WindowStep.Event)
                _dropped++;
            else
                _keys.Apply(step, number, _clock);
            return;
        }

        switch (step)
        {
            case WindowStep.Event published:
                OnEvent(published);
                break;
            case WindowStep.Watermark { Time: long.MaxValue }:
                OnEnd();
                break;
            case WindowStep.Watermark watermark:
                if (!_vector.ProcessingTime)
                    AdvanceTo(watermark.Time);
                OnActivity();
                break;
            case WindowStep.Clock clock:
                OnClock(clock.Time);
                break;
            case WindowStep.EndOfInput:
                OnEnd();
                break;
        }
    }

    /// <summary>What the models of all keys have come to.</summary>
    private void TakeKeys()
    {
        foreach (var key in _keys?.Keys ?? [])
        {
            _panes.AddRange(key._panes);
            _dropped += key._dropped;
            Events += key.Events;
            LateEvents += key.LateEvents;
            QuietWatermarks += key.QuietWatermarks;
        }
    }

    private void OnEvent(WindowStep.Event published)
    {
        Events++;
        if (_hasEnded)
        {
            _dropped++;
            return;
        }

        // Rule 26: under processing time the event's own time is the clock's.
        var time = _vector.ProcessingTime ? _clock : published.Time;
        if (IsOutOfRange(time))
            return;
        if (_guard is null)
            Accept(published, time);
        else
            OnGuarded(_guard, published);
    }

    /// <summary>Rule 31.</summary>
    private void OnGuarded(ModelGuard guard, WindowStep.Event published)
    {
        if (guard.TryHold(published, _watermark, out var tooMany))
        {
            HeldEvents++;
            _dropped += tooMany;
            while (guard.IsConfirmed)
            {
                foreach (var held in guard.TakeAll())
                {
                    if (!guard.TryKeep(held, _watermark))
                        Accept(held, held.Time);
                }
            }

            return;
        }

        _dropped += guard.Pass(published.Time);
        Accept(published, published.Time);
    }

    private void Accept(WindowStep.Event published, long time)
    {
        if (_vector.Window.Kind == "session")
            AddToSession(published, time);
        else
            AddToFixed(published, time);
        if (!_vector.ProcessingTime && _vector.MaxOutOfOrderness is { } bound)
            AdvanceTo(Saturate((Int128)time - bound));
        OnActivity();
    }

    /// <summary>Rule 30.</summary>
    private void OnActivity() => (_quietSince, _quietFrom) = (_clock, _watermark);

    private void OnQuiet()
    {
        if (_hasEnded || _vector.ProcessingTime || _vector.QuietAfter is not { } after
            || _quietFrom == long.MinValue || _clock - _quietSince < after)
        {
            return;
        }

        QuietWatermarks++;
        AdvanceTo(Saturate((Int128)_quietFrom + _clock - _quietSince));
    }

    /// <summary>Rule 1: the first and the last value are reserved, and no bound of a window may reach them.</summary>
    private bool IsOutOfRange(long time)
    {
        var reach = (Int128)_vector.Window.Size + _vector.Window.Slide + _vector.Window.Gap;
        return time - reach <= long.MinValue || time + reach >= long.MaxValue;
    }

    /// <summary>Rules 10 and 16.</summary>
    private void AddToFixed(WindowStep.Event published, long time)
    {
        var windows = WindowsOf(time);
        if (windows.Exists(window => _watermark >= window.End))
            LateEvents++;
        if (windows.Count > 0 && windows.TrueForAll(window => HasExpired(window.End)))
            _dropped++;
        foreach (var (start, end) in windows)
        {
            if (HasExpired(end))
                continue;
            var window = _windows.Find(other => other.Key == published.Key && other.Start == start && other.End == end);
            if (window is null)
            {
                window = new ModelWindow { Key = published.Key, Start = start, End = end };
                window.IsCompleted = _watermark >= end;
                window.NextIndex = _gaps?.HasFilled(published.Key, start) == true ? 1 : 0;
                _windows.Add(window);
            }

            _gaps?.OnAccepted(start);
            window.Add(published.Value, _clock);
            AfterEvent(window);
        }
    }

    private List<(long Start, long End)> WindowsOf(long time)
    {
        var shape = _vector.Window;
        var slide = shape.Kind == "tumbling" ? shape.Size : shape.Slide;
        var windows = new List<(long Start, long End)>();
        var last = (Int128)time - FloorMod((Int128)time - shape.Offset, slide);
        for (var start = last; start > (Int128)time - shape.Size; start -= slide)
            windows.Add(((long)start, (long)(start + shape.Size)));
        windows.Reverse();
        return windows;
    }

    /// <summary>Rules 12, 13 and 24.</summary>
    private void AddToSession(WindowStep.Event published, long time)
    {
        var end = time + _vector.Window.Gap;
        var overlapping = _windows
            .Where(other => other.Key == published.Key && other.Start < end && time < other.End)
            .OrderBy(other => other.Start)
            .ToList();
        var session = new ModelWindow { Key = published.Key, Start = time, End = end };
        foreach (var other in overlapping)
        {
            session.Absorb(other);
            _windows.Remove(other);
        }

        if (_watermark >= session.End)
            LateEvents++;
        if (HasExpired(session.End))
        {
            _dropped++;
            return;
        }

        session.IsCompleted = _watermark >= session.End;
        session.Add(published.Value, _clock);
        _windows.Add(session);
        AfterEvent(session);
    }

    /// <summary>Rules 20 and 21, as of an event.</summary>
    private void AfterEvent(ModelWindow window)
    {
        var trigger = _vector.Trigger;
        var (count, delay) = window.IsCompleted ? LateTrigger(trigger) : (trigger.EarlyCount, trigger.EarlyDelay);
        if ((count is { } events && window.CountSincePane >= events)
            || (delay is { } time && _clock >= window.FirstSincePane + time))
        {
            Emit(window, window.IsCompleted ? "late" : "early");
        }
    }

    private static (long? Count, long? Delay) LateTrigger(TriggerShape trigger)
    {
        if (trigger.LateNever)
            return (null, null);
        return trigger.LateDelay is { } delay ? (null, delay) : (trigger.LateCount ?? 1, null);
    }

    private void OnClock(long time)
    {
        _clock = Math.Max(_clock, time);
        foreach (var window in _windows.ToList())
        {
            var trigger = _vector.Trigger;
            var delay = window.IsCompleted ? LateTrigger(trigger).Delay : trigger.EarlyDelay;
            if (delay is null || window.FirstSincePane is not { } first || _clock < first + delay)
                continue;

            // Under processing time the window is complete first where its end comes first.
            if (_vector.ProcessingTime && !window.IsCompleted && first + delay >= window.End)
                continue;
            Emit(window, window.IsCompleted ? "late" : "early");
        }

        if (_vector.ProcessingTime && !_hasEnded)
            AdvanceTo(_clock);
        OnQuiet();
    }

    private void OnEnd()
    {
        if (!_hasEnded && _guard is not null)
        {
            foreach (var held in _guard.TakeAll())
                Accept(held, held.Time);
        }

        AdvanceTo(long.MaxValue);
        _hasEnded = true;
    }

    /// <summary>Rules 4, 11, 14, 19 and 21.</summary>
    private void AdvanceTo(long watermark)
    {
        if (watermark <= _watermark || _hasEnded)
            return;
        _watermark = watermark;
        foreach (var window in _windows.OrderBy(window => window.End).ThenBy(window => window.Start).ToList())
        {
            if (watermark < window.End)
                continue;
            if (!window.IsCompleted)
                EmitOnTime(window);
            else if (HasExpired(window.End) && window.CountSincePane > 0)
                Emit(window, "late");
            window.IsCompleted = true;
            if (HasExpired(window.End))
                _windows.Remove(window);
        }

        AddGaps(_gaps?.AdvanceTo(watermark));
    }

    private void EmitOnTime(ModelWindow window)
    {
        AddGaps(_gaps?.OnTime(window));
        Emit(window, "on_time");
    }

    /// <summary>Rule 33.</summary>
    private void AddGaps(IEnumerable<Pane>? gaps) =>
        _panes.AddRange((gaps ?? []).Select(pane => pane with { AfterStep = _step }));

    /// <summary>Rules 18 and 23.</summary>
    private void Emit(ModelWindow window, string timing)
    {
        var (count, sum) = _vector.Mode == "discarding"
            ? (window.CountSincePane, window.SumSincePane)
            : (window.Count, window.Sum);
        if (_vector.Mode == "retracting")
        {
            foreach (var pane in window.Standing)
                _panes.Add(new Pane(_step, window.Key, pane.Start, pane.End, pane.Count, pane.Sum, "retract", null));
            window.Standing.Clear();
            window.Standing.Add(new EmittedPane(window.Start, window.End, count, sum, window.NextIndex));
        }

        _panes.Add(new Pane(_step, window.Key, window.Start, window.End, count, sum, timing, window.NextIndex));
        window.NextIndex++;
        window.CountSincePane = 0;
        window.SumSincePane = 0;
        window.FirstSincePane = null;
    }

    private bool HasExpired(long end) =>
        _watermark >= Saturate((Int128)end + (_vector.ProcessingTime ? 0 : _vector.AllowedLateness));

    private static Int128 FloorMod(Int128 value, Int128 modulus) => ((value % modulus) + modulus) % modulus;

    private static long Saturate(Int128 value) =>
        value > long.MaxValue ? long.MaxValue : value < long.MinValue ? long.MinValue : (long)value;
}
