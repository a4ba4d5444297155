using DisruptorStream.Emission.Delivery;
using DisruptorStream.State;

namespace DisruptorStream.Topology;

/// <summary>Finds what user code threw in the log of the shard that a key belongs to.</summary>
internal sealed class ShardFailures : IFailureSource
{
    private readonly AggregatePlan[] _plans;

    public ShardFailures(AggregatePlan[] plans) => _plans = plans;

    public Exception FailureOf(int keyId, int failureIndex) =>
        _plans[keyId & (_plans.Length - 1)].Failures[failureIndex];
}
