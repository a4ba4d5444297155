using DisruptorStream.Emission.Delivery;
using DisruptorStream.State;

namespace DisruptorStream.Topology.State;

/// <summary>What user code threw in the records of a query, for each shard.</summary>
internal sealed class QueryFailures : IFailureSource
{
    private readonly FailureLog[] _ofShards;

    /// <param name="shards">A power of two.</param>
    public QueryFailures(int shards)
    {
        _ofShards = new FailureLog[shards];
        for (var shard = 0; shard < shards; shard++)
            _ofShards[shard] = new FailureLog();
    }

    /// <summary>What user code threw, of one shard.</summary>
    public FailureLog OfShard(int shard) => _ofShards[shard];

    /// <summary>What user code threw, of the shard of a key.</summary>
    public FailureLog OfKey(int keyId) => _ofShards[keyId & (_ofShards.Length - 1)];

    public Exception FailureOf(int keyId, int failureIndex) => OfKey(keyId)[failureIndex];
}
