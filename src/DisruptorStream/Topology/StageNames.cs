using DisruptorStream.Plans;

namespace DisruptorStream.Topology;

/// <summary>The stages that have threads of their own, as telemetry names them.</summary>
internal static class StageNames
{
    public const string Worker = "worker";
    public const string Assignment = "assignment";
    public const string Emission = "emission";

    public static string Shard(int shard) => $"shard-{shard}";

    /// <summary>Those of a plan, in their order.</summary>
    public static string[] Of(ExecutionPlan execution)
    {
        if (execution.IsInline)
            return [];
        if (!execution.IsStaged)
            return [Worker];
        var names = new List<string> { Assignment };
        for (var shard = 0; shard < execution.ShardCount; shard++)
            names.Add(Shard(shard));
        names.Add(Emission);
        return [.. names];
    }
}
