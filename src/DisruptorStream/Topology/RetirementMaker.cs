using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Plans;

namespace DisruptorStream.Topology;

/// <summary>Makes what gives up idle keys, for each thread that keeps state for some.</summary>
internal sealed class RetirementMaker
{
    private readonly EngineParts _engine;
    private readonly IReadOnlyList<IReadOnlyList<int>> _groups;

    /// <param name="engine">The stages.</param>
    /// <param name="groups">The queries of each thread.</param>
    public RetirementMaker(EngineParts engine, IReadOnlyList<IReadOnlyList<int>> groups)
    {
        _engine = engine;
        _groups = groups;
    }

    /// <summary>For one shard of all queries.</summary>
    /// <param name="engine">The stages.</param>
    /// <param name="shard">Which shard.</param>
    public static KeyRetirements OfShard(EngineParts engine, int shard) =>
        new RetirementMaker(engine, QueryGroups.One(engine.Queries.Count)).Make(shard)[0];

    /// <summary>For each of the threads, in their order.</summary>
    /// <param name="shard">Of which shard.</param>
    public KeyRetirements[] Make(int shard = 0)
    {
        var ofGroups = new KeyRetirement?[_groups.Count][];
        for (var group = 0; group < ofGroups.Length; group++)
            ofGroups[group] = new KeyRetirement?[_engine.Ledger.Columns.Count];
        for (var column = 0; column < _engine.Ledger.Columns.Count; column++)
        {
            if (_engine.Queries[0].Plan.RetentionTicks is { } retentionTicks)
                AddColumn(ofGroups, column, shard, retentionTicks);
        }

        return Array.ConvertAll(ofGroups, ofColumns => new KeyRetirements(ofColumns));
    }

    /// <summary>The first of those who keep state for the keys leads; where nobody does, the first of all.</summary>
    private void AddColumn(KeyRetirement?[][] ofGroups, int column, int shard, long retentionTicks)
    {
        var holders = new List<ShardState>[ofGroups.Length];
        var voters = 0;
        for (var group = 0; group < holders.Length; group++)
        {
            holders[group] = HoldersOf(group, column, shard);
            voters += holders[group].Count > 0 ? 1 : 0;
        }

        var leader = Math.Max(0, Array.FindIndex(holders, held => held.Count > 0));
        var keys = _engine.Ledger.LifetimeOf(column);
        var vote = voters > 1 ? new RetirementVote(keys, voters, _engine.Core.Fault) : null;
        for (var group = 0; group < holders.Length; group++)
        {
            if (group != leader && holders[group].Count == 0)
                continue;
            ofGroups[group][column] = new KeyRetirement(
                keys,
                column,
                _engine.Slots.Controls,
                [.. holders[group]],
                _engine.Parts.Of(column),
                _engine.Ledger.OnKeyPassed,
                retentionTicks,
                vote,
                leads: group == leader);
        }
    }

    private List<ShardState> HoldersOf(int group, int column, int shard)
    {
        var holders = new List<ShardState>();
        foreach (var query in _groups[group])
        {
            if (_engine.Queries[query].Plan.KeyColumn == column)
                holders.Add(_engine.Queries[query].State.Shards[shard]);
        }

        return holders;
    }
}
