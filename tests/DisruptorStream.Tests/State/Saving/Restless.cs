using DisruptorStream.Windows;

namespace DisruptorStream.Tests.State.Saving;

/// <summary>Fires at every tick, whatever came, and counts what it was asked.</summary>
internal readonly struct Restless : ITrigger<int>
{
    public bool OnEvent(ref int state, in TriggerContext context) => false;

    public long DeadlineTicks(in int state) => 0;

    public bool OnClock(ref int state, long clockTicks) => true;

    public void OnPane(ref int state) => state++;

    public void Merge(ref int state, in int other) => state += other;
}
