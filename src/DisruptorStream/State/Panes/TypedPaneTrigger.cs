using DisruptorStream.Identities;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Panes;

/// <summary>The adapter from <see cref="ITrigger{TState}"/>, closed where the user names the types.</summary>
internal sealed unsafe class TypedPaneTrigger<TTrigger, TState> : PaneTrigger
    where TTrigger : struct, ITrigger<TState>
    where TState : unmanaged
{
    private readonly TTrigger _trigger;

    public TypedPaneTrigger(TTrigger trigger) => _trigger = trigger;

    public override int StateBytes => (sizeof(TState) + 7) & ~7;

    public override bool IsUserCode => typeof(TTrigger) != typeof(CountDelayTrigger);

    public override string Settings => _trigger is CountDelayTrigger trigger ? trigger.Settings : typeof(TTrigger).Name;

    public override void Identify(IdentityWriter writer)
    {
        writer.Add(typeof(TTrigger));
        writer.Add(typeof(TState));
        writer.Add(StateBytes);
    }

    // Only the engine's own trigger promises that its state means the same whatever its settings.
    public override bool SharesStateWith(PaneTrigger other) =>
        !IsUserCode && other is TypedPaneTrigger<TTrigger, TState>;

    public override bool OnEvent(byte* state, in TriggerContext context) =>
        _trigger.OnEvent(ref *(TState*)state, context);

    public override long DeadlineTicks(byte* state) => _trigger.DeadlineTicks(*(TState*)state);

    public override bool OnClock(byte* state, long clockTicks) => _trigger.OnClock(ref *(TState*)state, clockTicks);

    public override void OnPane(byte* state) => _trigger.OnPane(ref *(TState*)state);

    public override void Merge(byte* into, byte* from) => _trigger.Merge(ref *(TState*)into, *(TState*)from);
}
