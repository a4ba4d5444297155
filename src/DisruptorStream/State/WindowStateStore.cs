using System.Diagnostics;
using DisruptorStream.Events;
using DisruptorStream.Saving;

namespace DisruptorStream.State;

/// <summary>The windows of one shard. One thread owns each instance; nothing is shared, so nothing is locked.</summary>
/// <remarks>
/// Firing is resumable: <see cref="OnWatermark"/> only notes what is due, <see cref="Fire"/> emits a part of it, and
/// an event that would change what is still to be emitted finishes that first. Whatever takes long goes by portions,
/// and each asks for the abort.
/// </remarks>
internal abstract class WindowStateStore : IDisposable
{
    /// <summary>Watermark steps that may wait to be fired; one more finishes the oldest first.</summary>
    public const int MostFirings = 8;

    /// <summary>Panes that are fired at once, before the next check of the budget or the abort.</summary>
    public const int PanesPerTurn = 1024;

    // What panes with sketches cost is known once they are read, and some take as long as hundreds of plain ones.
    private const int PanesPerPiece = 4;

    /// <summary>Cancelled at an abort.</summary>
    protected CancellationToken Abort { get; init; }

    /// <summary>Something is due and has not been emitted yet.</summary>
    public abstract bool IsFiring { get; }

    /// <summary>The sequence that the oldest unfinished firing belongs to.</summary>
    public abstract long FiringSequence { get; }

    /// <summary>
    /// Whether it follows the watermark event by event, and so has to see the events of other shards too.
    /// </summary>
    public virtual bool FollowsWatermark => false;

    /// <summary>
    /// The newest slice in which a key of any shard has had an accepted event: how far gaps are filled at the end of
    /// the input. Set before the watermark of that; long.MinValue for none.
    /// </summary>
    public long NewestSlice { get; set; } = long.MinValue;

    public abstract long BytesReserved { get; }

    /// <summary>What is kept for each key and slice, window or session, accumulators included.</summary>
    public abstract int BytesPerRecord { get; }

    /// <summary>Folds a run of accepted events in, and stages what single events fire.</summary>
    public abstract void OnEvents(in EventView events, in EventRun run);

    /// <summary>Asks for a record of a key that is likely to be changed next.</summary>
    public virtual void Fetch(int keyId)
    {
    }

    /// <summary>As <see cref="OnEvents"/>, for one event all of whose windows are incomplete.</summary>
    public virtual void OnEvent(in EventView one, in EventRun run) => OnEvents(one, run);

    /// <summary>The watermark has moved: windows complete and expire.</summary>
    public abstract void OnWatermark(long sequence, long watermark);

    /// <summary>The clock has moved: delayed triggers are to fire.</summary>
    /// <param name="sequence">Of the tick.</param>
    /// <param name="clockTicks">The steady time.</param>
    /// <param name="timeOfDayTicks">The time of day, which ends windows under processing time.</param>
    /// <param name="isStaged">
    /// Whether the watermark moves at the same slot, so that what the clock fires has to wait for what that fires.
    /// </param>
    public abstract void OnClock(long sequence, long clockTicks, long timeOfDayTicks, bool isStaged);

    /// <summary>
    /// The quiet clock has moved, after <see cref="OnClock"/> of the same tick: keys that have a time of their own may
    /// go on with it.
    /// </summary>
    /// <param name="sequence">Of the tick.</param>
    /// <param name="stepTicks">How far; 0 or more.</param>
    public virtual void OnQuiet(long sequence, long stepTicks)
    {
    }

    /// <summary>The key, of which no state is held, has gone: a new one may take the id.</summary>
    public virtual void ForgetKey(int keyId)
    {
    }

    /// <summary>Emits panes that are due, about as many as the budget says. Returns what is left of it.</summary>
    public abstract int Fire(int budget);

    /// <summary>
    /// Emits panes that are due, as far as the budget goes. A pane with sketches counts for as many as it costs.
    /// </summary>
    /// <param name="plan">What the store folds with.</param>
    /// <param name="budget">How many; <see cref="int.MaxValue"/> for all.</param>
    public void FireByCost(AggregatePlan plan, int budget)
    {
        if (budget == int.MaxValue)
        {
            FinishFiring();
            return;
        }

        if (plan.MaxBlockBytes == 0)
        {
            Fire(budget);
            return;
        }

        plan.TakeExtraPanes();
        while (budget > 0 && IsFiring)
        {
            var panes = Math.Min(budget, PanesPerPiece);
            budget -= panes - Fire(panes) + plan.TakeExtraPanes();
        }
    }

    /// <summary>Emits all that is due, in portions.</summary>
    /// <exception cref="OperationCanceledException">The processor was aborted.</exception>
    public void FinishFiring()
    {
        while (IsFiring)
        {
            Abort.ThrowIfCancellationRequested();
            Fire(PanesPerTurn);
        }
    }

    /// <summary>Whether any state of the key is held.</summary>
    public abstract bool HoldsKey(int keyId);

    /// <summary>
    /// Writes what all shards keep as if one kept it: the same bytes whatever their number, and whatever the batches
    /// were. Between two slots, when nothing fires.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="shards">The stores of all shards in their order, of which this is the first.</param>
    /// <exception cref="InvalidOperationException">Something is due and has not been emitted yet.</exception>
    public abstract void Save(StateWriter writer, ReadOnlySpan<WindowStateStore> shards);

    /// <summary>Deals what was saved out to the shards, however many there were.</summary>
    /// <param name="reader">Where from.</param>
    /// <param name="shards">
    /// The stores of all shards in their order, of which this is the first; without state. After an error they are of
    /// no use.
    /// </param>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public abstract void Load(StateReader reader, ReadOnlySpan<WindowStateStore> shards);

    /// <summary>
    /// Nothing of it was saved, and event time is there already: windows up to there count as fired. Before the first
    /// slot.
    /// </summary>
    public virtual void StartAt(long watermarkTicks)
    {
    }

    /// <summary>Checks what must hold when nothing fires. Takes as long as to save it all.</summary>
    /// <exception cref="InvalidOperationException">It does not hold.</exception>
    public abstract void ThrowIfInconsistent();

    public abstract void Dispose();

    /// <summary>The stores as those of one kind, none of which fires.</summary>
    protected static TStore[] AtRest<TStore>(ReadOnlySpan<WindowStateStore> shards)
        where TStore : WindowStateStore
    {
        Debug.Assert(int.IsPow2(shards.Length), "The shard of a key is its id's low bits.");
        var stores = new TStore[shards.Length];
        for (var shard = 0; shard < stores.Length; shard++)
        {
            stores[shard] = (TStore)shards[shard];
            if (stores[shard].IsFiring)
            {
                throw new InvalidOperationException(
                    $"Shard {shard} has not emitted all that is due; finish its firing before its state is saved or "
                    + "loaded.");
            }
        }

        return stores;
    }
}
