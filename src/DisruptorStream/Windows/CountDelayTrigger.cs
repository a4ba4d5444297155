using System.Globalization;

namespace DisruptorStream.Windows;

/// <summary>
/// Fires after a number of events since the last pane, or a delay after the first of them, whichever is first.
/// </summary>
/// <remarks>
/// What it remembers does not depend on its settings, so that one state can serve the early and the late position
/// alike: both count the events since the last pane.
/// </remarks>
internal readonly struct CountDelayTrigger : ITrigger<CountDelayTrigger.State>
{
    private readonly long _count;
    private readonly long _delayTicks;

    /// <summary>Counts, and never fires.</summary>
    public static CountDelayTrigger Never { get; } = new(0, -1);

    /// <param name="count">Events; 0 for no such limit.</param>
    /// <param name="delayTicks">Processing time; -1 for no delay.</param>
    public CountDelayTrigger(long count, long delayTicks)
    {
        _count = count;
        _delayTicks = delayTicks;
    }

    /// <summary>What it is set to, as text.</summary>
    public string Settings
    {
        get
        {
            var count = _count > 0 ? string.Create(CultureInfo.InvariantCulture, $"count {_count}") : "";
            if (_delayTicks < 0)
                return count.Length > 0 ? count : "never";
            var delay = string.Create(
                CultureInfo.InvariantCulture, $"delay {_delayTicks / (double)TimeSpan.TicksPerSecond} s");
            return count.Length > 0 ? $"{count}, {delay}" : delay;
        }
    }

    public bool OnEvent(ref State state, in TriggerContext context)
    {
        if (state.Count++ == 0)
            state.FirstClockTicks = context.ClockTicks;
        return (_count > 0 && state.Count >= _count) || context.ClockTicks >= DeadlineTicks(state);
    }

    public long DeadlineTicks(in State state) =>
        _delayTicks >= 0 && state.Count > 0
            ? TickMath.SaturatingAdd(state.FirstClockTicks, _delayTicks)
            : long.MaxValue;

    public bool OnClock(ref State state, long clockTicks) => clockTicks >= DeadlineTicks(state);

    public void OnPane(ref State state) => state = default;

    public void Merge(ref State state, in State other)
    {
        if (other.Count == 0)
            return;
        state.FirstClockTicks = state.Count == 0
            ? other.FirstClockTicks
            : Math.Min(state.FirstClockTicks, other.FirstClockTicks);
        state.Count += other.Count;
    }

    internal struct State
    {
        public long Count;
        public long FirstClockTicks;
    }
}
