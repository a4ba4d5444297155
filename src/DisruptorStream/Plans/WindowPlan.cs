using DisruptorStream.Identities;
using DisruptorStream.State;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Plans;

/// <summary>
/// What follows from the kind of window: the slices by which lateness is judged, the store, its costs and its limits.
/// </summary>
/// <remarks>A pure value. What a kind of window changes is asked here, and nowhere is asked which kind it is.</remarks>
internal abstract class WindowPlan
{
    protected WindowPlan(WindowDefinition definition) => Definition = definition;

    /// <summary>The windows that were asked for.</summary>
    public WindowDefinition Definition { get; }

    /// <summary>
    /// The slices by which window assignment judges an event's lateness; null where the stores judge it themselves.
    /// </summary>
    public virtual SliceGrid? Slices => null;

    /// <summary>The slices of each size, where there are several sizes; null where there is one.</summary>
    public virtual SliceLevels? Levels => null;

    /// <summary>The first and the last timestamp of an event, where the stores find its windows.</summary>
    public virtual (long First, long Last) Range => GridRange.All;

    /// <summary>How far a window may reach beyond an event that opens it, where the grid does not check that.</summary>
    public virtual long ReachTicks => 0;

    /// <summary>Whether windows may take events for some time after their end.</summary>
    public virtual bool AllowsLateness => true;

    /// <summary>Whether all windows of a slice share its state.</summary>
    public virtual bool SharesSlices => false;

    /// <summary>Whether its store can fold anew what a later pane of the same key and window changes.</summary>
    public virtual bool KeepsPanes => false;

    /// <summary>Whether a run may hold events of two slices.</summary>
    public virtual bool MixesSlices => false;

    /// <summary>How state is kept, in words.</summary>
    public abstract string StoreName { get; }

    /// <summary>What the store opens and closes, in the statistics: windows, slices or sessions.</summary>
    public abstract string CountedAs { get; }

    /// <summary>What an event costs, in words.</summary>
    public abstract string CostPerEvent { get; }

    /// <summary>The most records of one key.</summary>
    public abstract int MaxRecordsPerKey { get; }

    /// <summary>The option that sets that limit.</summary>
    public abstract string LimitName { get; }

    /// <summary>An empty store of one shard.</summary>
    public abstract WindowStateStore NewStore(StoreContext context);

    /// <summary>Writes what saved state depends on: the windows, and how it is kept.</summary>
    public void Identify(IdentityWriter writer)
    {
        writer.Add(StoreName);
        Definition.Identify(writer);
    }
}
