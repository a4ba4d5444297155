using DisruptorStream.Identities;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Panes;

/// <summary>The user's own trigger: what it throws is counted and reported, and taken as a refusal to fire.</summary>
internal sealed unsafe class GuardedPaneTrigger : PaneTrigger
{
    private readonly PaneTrigger _trigger;
    private readonly ShardCounters _counters;

    public GuardedPaneTrigger(PaneTrigger trigger, ShardCounters counters)
    {
        _trigger = trigger;
        _counters = counters;
    }

    public override int StateBytes => _trigger.StateBytes;

    public override void Identify(IdentityWriter writer) => _trigger.Identify(writer);

    public override string Settings => _trigger.Settings;

    public override bool IsUserCode => true;

    public override bool SharesStateWith(PaneTrigger other) => false;

    public override bool OnEvent(byte* state, in TriggerContext context)
    {
        try
        {
            return _trigger.OnEvent(state, context);
        }
        catch (Exception exception)
        {
            _counters.NoteUserFailure(exception);
            return false;
        }
    }

    public override long DeadlineTicks(byte* state)
    {
        try
        {
            return _trigger.DeadlineTicks(state);
        }
        catch (Exception exception)
        {
            _counters.NoteUserFailure(exception);
            return long.MaxValue;
        }
    }

    public override bool OnClock(byte* state, long clockTicks)
    {
        try
        {
            return _trigger.OnClock(state, clockTicks);
        }
        catch (Exception exception)
        {
            _counters.NoteUserFailure(exception);
            return false;
        }
    }

    public override void OnPane(byte* state)
    {
        try
        {
            _trigger.OnPane(state);
        }
        catch (Exception exception)
        {
            _counters.NoteUserFailure(exception);
        }
    }

    public override void Merge(byte* into, byte* from)
    {
        try
        {
            _trigger.Merge(into, from);
        }
        catch (Exception exception)
        {
            _counters.NoteUserFailure(exception);
        }
    }
}
