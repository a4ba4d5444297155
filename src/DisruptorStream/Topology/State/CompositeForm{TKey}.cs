using DisruptorStream.Ingest.Keys;
using DisruptorStream.State;

namespace DisruptorStream.Topology.State;

/// <summary>How keys of several parts are put together.</summary>
internal abstract class CompositeForm<TKey>
{
    /// <param name="table">The combinations of ids.</param>
    /// <param name="parts">The keys of the parts.</param>
    public abstract IKeySource<TKey> SourceOf(KeyTable<UInt128> table, IReadOnlyList<KeyColumn> parts);
}
