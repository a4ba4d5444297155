using DisruptorStream.Pipeline;

namespace DisruptorStream.Topology;

/// <summary>Makes what gives up idle keys.</summary>
internal static class RetirementMaker
{
    /// <summary>What gives up idle keys of one shard.</summary>
    /// <param name="engine">The stages.</param>
    /// <param name="shard">Which shard.</param>
    public static KeyRetirements Make(EngineParts engine, int shard)
    {
        var (ledger, queries) = (engine.Ledger, engine.Queries);
        var ofColumns = new KeyRetirement?[ledger.Columns.Count];
        for (var column = 0; column < ofColumns.Length; column++)
        {
            if (queries[0].Plan.RetentionTicks is not { } retentionTicks)
                continue;
            var holders = new List<ShardState>();
            foreach (var query in queries)
            {
                if (query.Plan.KeyColumn == column)
                    holders.Add(query.State.Shards[shard]);
            }

            ofColumns[column] = new KeyRetirement(
                ledger.LifetimeOf(column),
                column,
                engine.Slots.Controls,
                [.. holders],
                ledger.OnKeyPassed,
                retentionTicks);
        }

        return new KeyRetirements(ofColumns);
    }
}
