using Orleans.Concurrency;

namespace DisruptorStream.Orleans.Grains;

/// <summary>A partition of a query: its key is the name of the query, '/' and the number.</summary>
[Alias("DisruptorStream.IPartitionGrain")]
internal interface IPartitionGrain : IGrainWithStringKey
{
    /// <summary>Has the partition owned here, if it is not, and says how it is doing.</summary>
    /// <remarks>At any time, also while it stops.</remarks>
    [AlwaysInterleave]
    [Alias("Ensure")]
    Task<PartitionPlace> EnsureAsync();

    /// <summary>Ends the owner, and goes to another silo.</summary>
    /// <param name="from">The address of the silo that it leaves; on any other one it stays.</param>
    /// <param name="to">The silo that it goes to.</param>
    [Alias("Move")]
    Task MoveAsync(string from, SiloAddress to);
}
