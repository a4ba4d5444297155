using DisruptorStream.Topology.State;

namespace DisruptorStream.Tests.Topology.State;

public sealed class QueryFailuresTests
{
    [Fact]
    public void FailureOf_KeysOfAllShards_IsThatOfTheirShard()
    {
        var failures = new QueryFailures(4);
        for (var shard = 0; shard < 4; shard++)
            failures.OfShard(shard).Add(new TimeoutException($"shard {shard}"));

        for (var keyId = 0; keyId < 9; keyId++)
            Assert.Equal($"shard {keyId % 4}", failures.FailureOf(keyId, 0).Message);
    }
}
