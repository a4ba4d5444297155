namespace DisruptorStream.Windows;

/// <summary>Fires every so many events since the last pane, or a delay after the first of them, whichever is first.</summary>
internal readonly struct CountDelayTrigger : ITrigger<CountDelayTrigger.State>
{
    private readonly long _count;
    private readonly long _delayTicks;

    /// <param name="count">Events; 0 for no such limit.</param>
    /// <param name="delayTicks">Processing time; -1 for no delay.</param>
    public CountDelayTrigger(long count, long delayTicks)
    {
        _count = count;
        _delayTicks = delayTicks;
    }

    public bool OnEvent(ref State state, in TriggerContext context)
    {
        if (state.Count++ == 0 && _delayTicks >= 0)
            state.DeadlineTicks = TickMath.SaturatingAdd(context.ClockTicks, _delayTicks);
        return (_count > 0 && state.Count >= _count) || (_delayTicks >= 0 && context.ClockTicks >= state.DeadlineTicks);
    }

    public long DeadlineTicks(in State state) =>
        _delayTicks >= 0 && state.Count > 0 ? state.DeadlineTicks : long.MaxValue;

    public bool OnClock(ref State state, long clockTicks) => clockTicks >= DeadlineTicks(state);

    public void OnPane(ref State state) => state = default;

    public void Merge(ref State state, in State other)
    {
        if (other.Count == 0)
            return;
        state.DeadlineTicks = state.Count == 0
            ? other.DeadlineTicks
            : Math.Min(state.DeadlineTicks, other.DeadlineTicks);
        state.Count += other.Count;
    }

    internal struct State
    {
        public long Count;
        public long DeadlineTicks;
    }
}
