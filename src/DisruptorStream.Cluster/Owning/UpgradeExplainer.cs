using DisruptorStream.Cluster.Handling;
using DisruptorStream.Cluster.Owning.Keeping;

namespace DisruptorStream.Cluster.Owning;

/// <summary>Says what an owner would do with the state of a partition, without doing it.</summary>
internal static class UpgradeExplainer
{
    /// <summary>Looks at the newest checkpoint, and at the records of results behind it.</summary>
    /// <exception cref="Checkpoints.DamagedCheckpointException">The checkpoint is damaged.</exception>
    /// <exception cref="InvalidDataException">As that, or it is of other inputs.</exception>
    /// <exception cref="Saving.StateException">Its plan is damaged, or of a newer release.</exception>
    public static async ValueTask<PartitionUpgrade> ExplainAsync<TEvent, TKey>(
        PartitionPlan<TEvent, TKey> plan, PartitionLogs<TEvent> logs, CancellationToken cancellationToken)
        where TKey : notnull
    {
        var stored = plan.Checkpoints is { } checkpoints
            ? await checkpoints.ReadAsync(plan.Options.OutputTopic, logs.Partition, cancellationToken)
                .ConfigureAwait(false)
            : null;
        var content = stored is null ? null : CheckpointContent.Read(stored.Checkpoint, logs.InputNames);
        var state = content?.State.Plan;
        var (last, version, behind) = (state?.Fingerprint, content?.QueryVersion ?? 0, 0L);
        string? refused = null;
        await foreach (var entry in logs.Output
            .ReadAsync(stored?.Checkpoint.Position ?? 0, follow: false, cancellationToken).ConfigureAwait(false))
        {
            var record = ResultRecord.Of(logs.Output.Name, entry);
            behind++;
            if (record.Plan is { } fingerprint)
                (last, version) = (fingerprint, Math.Max(version, record.Version ?? 1));
            if (last is not null && plan.Find(last) is null)
                refused ??= PlanChange.Unknown(logs.Output.Name, entry.Position, version, last).Message;
        }

        if (last is null)
            return new PartitionUpgrade { IsNew = true, Version = 0, RecordsBehind = 0 };

        // Where records are behind the checkpoint, a known query has its plan by itself.
        var before = plan.Find(last)?.Query.ToStatePlan() ?? (behind == 0 ? state : null);
        var comparison = before is null
            ? null
            : PlanChange.Compare(logs.Output.Name, before, plan.Query.ToStatePlan());
        if (!string.Equals(last, plan.Fingerprint, StringComparison.Ordinal) && version >= plan.Version)
            refused = PlanChange.Superseded(logs.Output.Name, version, last, plan.Version).Message;
        return new PartitionUpgrade
        {
            IsNew = false,
            Version = version,
            Fingerprint = last,
            Plan = comparison,
            RecordsBehind = behind,
            WhyRefused = refused ?? (comparison is null ? null : PlanChange.WhyImpossible(comparison)),
        };
    }
}
