using DisruptorStream.Plans;

namespace DisruptorStream.Topology;

/// <summary>The stages that have threads of their own, as telemetry names them.</summary>
internal static class StageNames
{
    public const string Worker = "worker";
    public const string Assignment = "assignment";
    public const string Emission = "emission";
    public const string Journal = "journal";

    public static string Shard(int shard) => $"shard-{shard}";

    /// <summary>A thread that takes some of the queries through all their stages.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="worker">Which of its workers.</param>
    public static string WorkerOf(ProcessorPlan plan, int worker) => plan.Execution.IsStaged
        ? $"{Worker}-{plan.Queries[plan.Execution.Workers[worker][0]].Name}"
        : Worker;

    /// <summary>Those of a plan, in their order.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="isDurable">Whether it has a journal.</param>
    public static string[] Of(ProcessorPlan plan, bool isDurable = false)
    {
        var execution = plan.Execution;
        var names = new List<string>();
        if (isDurable && !execution.IsInline)
            names.Add(Journal);
        for (var worker = 0; worker < execution.Workers.Count; worker++)
            names.Add(WorkerOf(plan, worker));
        if (!execution.SplitsStages)
            return [.. names];
        names.Add(Assignment);
        for (var shard = 0; shard < execution.ShardCount; shard++)
            names.Add(Shard(shard));
        names.Add(Emission);
        return [.. names];
    }
}
