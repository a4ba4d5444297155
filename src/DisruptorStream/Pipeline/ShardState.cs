using DisruptorStream.Saving;
using DisruptorStream.State;

namespace DisruptorStream.Pipeline;

/// <summary>What one shard keeps: windows, the memory of accumulators, counts, when keys were active.</summary>
/// <remarks>One thread owns each instance. It owns all native memory of the shard's state.</remarks>
internal sealed class ShardState : IDisposable
{
    /// <param name="context">What the store was built from.</param>
    /// <param name="store">The windows.</param>
    public ShardState(StoreContext context, WindowStateStore store)
    {
        Context = context;
        Store = store;
    }

    public StoreContext Context { get; }

    public WindowStateStore Store { get; }

    /// <summary>Writes what all shards keep, whatever their number.</summary>
    public static void SaveAll(StateWriter writer, ShardState[] shards)
    {
        ShardCounters.Save(writer, Array.ConvertAll(shards, shard => shard.Context));
        KeyActivity.Save(writer, ActivitiesOf(shards));
        var stores = StoresOf(shards);
        stores[0].Save(writer, stores);
    }

    /// <summary>Lets shards take over what was saved, by however many there were. Before the first slot.</summary>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public static void LoadAll(StateReader reader, ShardState[] shards)
    {
        ShardCounters.Load(reader, shards[0].Context);
        KeyActivity.Load(reader, ActivitiesOf(shards));
        var stores = StoresOf(shards);
        stores[0].Load(reader, stores);
    }

    public void Dispose()
    {
        Store.Dispose();

        // What it counted since its last whole batch.
        Context.Counters.Publish();

        // The blocks of its accumulators.
        Context.Plan.Dispose();
    }

    private static KeyActivity[] ActivitiesOf(ShardState[] shards) =>
        Array.ConvertAll(shards, shard => shard.Context.Activity);

    private static WindowStateStore[] StoresOf(ShardState[] shards) => Array.ConvertAll(shards, shard => shard.Store);
}
