using System.CommandLine;
using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Streams;

/// <summary>What queries on one stream cost.</summary>
internal static class QueriesCommand
{
    public static Command Create()
    {
        var events = new Option<int>("--events")
        {
            Description = "Events of a run. Default 2000000.",
            DefaultValueFactory = _ => 2_000_000,
        };
        var isOneQuery = new Option<bool>("--one-query")
        {
            Description = "Only one query on a stream, against a processor that is the same query.",
        };
        var command = new Command(
            "queries", "Queries on one stream, against a stream for each, their parts, and processors.")
        {
            events, isOneQuery,
        };
        command.Subcommands.Add(AllocationsCommand.Create());
        command.SetAction(async (result, _) =>
            await RunAsync(result.GetValue(events), result.GetValue(isOneQuery)));
        return command;
    }

    private static async Task<int> RunAsync(int count, bool isOneQuery)
    {
        var calls = Calls.Generate(count);
        var checklist = new Checklist();
        foreach (var mode in new[] { ExecutionMode.Inline, ExecutionMode.Fused })
        {
            foreach (var isSingle in new[] { false, true })
            {
                var lane = new Lane(calls, mode, isSingle);
                await OneQuery.RunAsync(lane, checklist);
                if (isOneQuery)
                    continue;
                await WindowSizes.RunAsync(lane, checklist);
                await Together.RunAsync(lane, withParts: !isSingle, checklist);
            }
        }

        return checklist.Conclude();
    }
}
