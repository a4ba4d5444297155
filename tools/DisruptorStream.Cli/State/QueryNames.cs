using DisruptorStream.Durability.Inspection;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Saving;

namespace DisruptorStream.Cli.State;

/// <summary>What people call the queries of a directory: files have a name of their own for the only one.</summary>
internal static class QueryNames
{
    /// <summary>The name of a query that a snapshot has.</summary>
    public static string Of(SnapshotInfo info, string query) => PlanOf(info.PlanRecord)?.NameOf(query) ?? query;

    /// <summary>The names of the queries, in the order of the plan; empty where nothing says them.</summary>
    public static IReadOnlyList<string> Of(DirectoryState state)
    {
        var plan = PlanOf(state.Newest?.PlanRecord ?? default) ?? PlanOf(state.Journal.PlanRecord);
        return plan is null ? [] : [.. plan.Queries.Select(query => plan.NameOf(query.Name))];
    }

    // What a newer release wrote can still be shown.
    private static RecordedPlan? PlanOf(ReadOnlyMemory<byte> record)
    {
        try
        {
            return record.IsEmpty ? null : PlanRecordFormat.Read(record.Span);
        }
        catch (StateException)
        {
            return null;
        }
    }
}
