using System.Globalization;

namespace DisruptorStream.Properties.Model;

/// <summary>
/// Silences by the letter: each key's events are sorted anew at each step, and cut where nothing came.
/// </summary>
internal sealed class SilenceModel
{
    private readonly long _after;
    private readonly long _kept;
    private readonly long? _bound;
    private readonly List<string> _keys = [];
    private readonly Dictionary<string, KeyState> _states = new(StringComparer.Ordinal);
    private readonly List<(long End, long Start, int Key, int Pane, string Text)> _step = [];
    private long _newest = long.MinValue;

    public SilenceModel(long after, long kept, long? bound)
    {
        _after = after;
        _kept = kept;
        _bound = bound;
    }

    public List<string> Rows { get; } = [];

    public int Dropped { get; private set; }

    public long Watermark { get; private set; } = long.MinValue;

    public void OnEvent(string key, long time, long value)
    {
        if (!_states.TryGetValue(key, out var state))
        {
            _keys.Add(key);
            state = _states[key] = new KeyState();
        }

        _newest = Math.Max(_newest, time);
        state.Pending.Add((time, value));
        if (RunWith(state, time).Max(one => one.Time) + _after <= Watermark)
        {
            state.Pending.Remove((time, value));
            Dropped++;
        }
        else if (state.Silence is { } silence && state.Pending.Min(one => one.Time) is var first && first <= Watermark)
        {
            Tell(key, silence, first, "Late");
            state.Silence = null;
        }

        AdvanceTo(_bound is { } bound ? time - bound : long.MinValue);
    }

    public void AdvanceTo(long watermark)
    {
        Watermark = Math.Max(Watermark, watermark);
        foreach (var (key, state) in _states)
        {
            while (TryStep(key, state))
            {
            }
        }

        Rows.AddRange(_step.Order().Select(row => row.Text));
        _step.Clear();
    }

    public void OnEnd() => AdvanceTo(_newest);

    private bool TryStep(string key, KeyState state)
    {
        if (state.Silence is { } silence)
        {
            var next = state.Pending.Count == 0 ? long.MaxValue : state.Pending.Min(one => one.Time);
            var forgotten = silence.Last + _kept;
            if (Math.Min(next, forgotten) > Watermark)
                return false;
            if (next <= forgotten)
                Tell(key, silence, next, "OnTime");
            state.Silence = null;
            return true;
        }

        if (state.Pending.Count == 0)
            return false;
        var run = RunWith(state, state.Pending.Min(one => one.Time));
        var last = run.Max(one => one.Time);
        if (last + _after > Watermark)
            return false;
        state.Pending.RemoveAll(one => one.Time <= last);
        state.Silence = new Silence(last, run.Count, run.Sum(one => one.Value));
        Add(key, state.Silence.Value, last + _after, 0, "OnTime Started");
        return true;
    }

    /// <summary>The events around a time, no two of which in a row are so far apart as a silence.</summary>
    private List<(long Time, long Value)> RunWith(KeyState state, long time)
    {
        var run = new List<(long Time, long Value)>();
        foreach (var one in state.Pending.OrderBy(one => one.Time))
        {
            if (run.Count > 0 && one.Time - run[^1].Time >= _after)
            {
                if (run[^1].Time >= time)
                    break;
                run.Clear();
            }

            run.Add(one);
        }

        return run;
    }

    private void Tell(string key, Silence silence, long next, string timing) =>
        Add(key, silence, next, 1, $"{timing} Ended");

    private void Add(string key, Silence silence, long end, int pane, string what) => _step.Add((
        end,
        silence.Last,
        _keys.IndexOf(key),
        pane,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{key} [{silence.Last}, {end}) {what} #{pane} {silence.Count} {silence.Sum}")));

    private readonly record struct Silence(long Last, int Count, long Sum);

    private sealed class KeyState
    {
        public List<(long Time, long Value)> Pending { get; } = [];

        public Silence? Silence { get; set; }
    }
}
