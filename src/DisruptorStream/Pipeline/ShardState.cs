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

    public void Dispose()
    {
        Store.Dispose();

        // What it counted since its last whole batch.
        Context.Counters.Publish();

        // The blocks of its accumulators.
        Context.Plan.Dispose();
    }
}
