using DisruptorStream.Durability.Inspection;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Saving;

namespace DisruptorStream.Cli.State;

/// <summary>What people call the queries of a directory: files have a name of their own for the only one.</summary>
internal static class QueryNames
{
    /// <summary>How far the results of each query had come at a snapshot.</summary>
    public static IEnumerable<(string Query, long Number)> ResultsOf(SnapshotInfo info)
    {
        var plan = PlanOf(info.PlanRecord);
        return info.Results.Select(result => (plan?.NameOf(result.Query) ?? result.Query, result.Number));
    }

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
