using DisruptorStream.Saving;
using DisruptorStream.Windows;

namespace DisruptorStream.State.Sessions.Spans;

/// <summary>Says which windows an event of a key is in, where that does not depend on other events.</summary>
internal abstract class SpanRule
{
    /// <summary>The most windows of one event.</summary>
    public abstract int MaxWindowsPerEvent { get; }

    /// <summary>Whether windows of a key never overlap, so that whatever lies in one is in no other.</summary>
    public abstract bool IsTumbling { get; }

    /// <summary>Writes the windows of an event, ascending by end, then start.</summary>
    /// <returns>How many; -1 where there is no room for them within the range of time.</returns>
    /// <exception cref="Exception">What the user's code throws.</exception>
    public abstract int Assign(int keyId, long time, Span<TimeWindow> windows);

    /// <summary>Whether a key that a window was saved of may have it.</summary>
    public abstract bool MayHave(int keyId, in TimeWindow window);

    /// <summary>A new key may take the id.</summary>
    public virtual void Forget(int keyId)
    {
    }

    /// <summary>Writes what the rules of all shards know of keys.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="shards">The rules of all shards, of which this is the first.</param>
    public virtual void Save(StateWriter writer, SpanRule[] shards)
    {
    }

    /// <summary>Takes over what was saved.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="shards">The rules of all shards, of which this is the first.</param>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public virtual void Load(StateReader reader, SpanRule[] shards)
    {
    }
}
