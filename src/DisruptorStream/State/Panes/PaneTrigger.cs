using DisruptorStream.Identities;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Panes;

/// <summary>A trigger over untyped state: what the stores call, once for a run where they can.</summary>
internal abstract unsafe class PaneTrigger
{
    /// <summary>Bytes of state for each key and window, a multiple of 8.</summary>
    public abstract int StateBytes { get; }

    /// <summary>Creates the adapter for a trigger; to be called where the types are known.</summary>
    public static PaneTrigger Create<TTrigger, TState>(TTrigger trigger)
        where TTrigger : struct, ITrigger<TState>
        where TState : unmanaged => new TypedPaneTrigger<TTrigger, TState>(trigger);

    /// <summary>What its state means: the engine's own trigger, or a user's by its types.</summary>
    public abstract void Identify(IdentityWriter writer);

    /// <summary>What it is set to, as text; of a user's trigger its name, as what it is set to is its own.</summary>
    public abstract string Settings { get; }

    /// <summary>Whether it may throw.</summary>
    public abstract bool IsUserCode { get; }

    /// <summary>Whether another trigger can read and write this one's state.</summary>
    public abstract bool SharesStateWith(PaneTrigger other);

    public abstract bool OnEvent(byte* state, in TriggerContext context);

    public abstract long DeadlineTicks(byte* state);

    public abstract bool OnClock(byte* state, long clockTicks);

    public abstract void OnPane(byte* state);

    public abstract void Merge(byte* into, byte* from);
}
