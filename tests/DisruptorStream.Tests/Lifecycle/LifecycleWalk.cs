using System.Collections.Concurrent;

namespace DisruptorStream.Tests.Lifecycle;

/// <summary>Makes the calls of a table in one state, and says which of them do something else.</summary>
internal static class LifecycleWalk
{
    /// <summary>Most of a cell is a wait for something that does not come.</summary>
    private const int CellsAtOnce = 4;

    /// <param name="calls">The rows.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="state">The column.</param>
    /// <param name="outcomes">Makes a call, in all its forms; there are two ways into some states.</param>
    public static async Task<IReadOnlyCollection<string>> WrongAsync(
        IEnumerable<string> calls,
        ExecutionMode mode,
        string state,
        Func<string, bool, Task<List<string>>> outcomes)
    {
        var wrong = new ConcurrentQueue<string>();
        var cells = new List<(string Call, string Expected, bool IsOther)>();
        foreach (var call in calls)
        {
            if (LifecycleTable.Of(call, state, mode) is not "-" and var expected)
                cells.Add((call, expected, cells.Count % 2 == 0));
        }

        await Parallel.ForEachAsync(
            cells, new ParallelOptions { MaxDegreeOfParallelism = CellsAtOnce }, async (cell, _) =>
            {
                foreach (var outcome in await outcomes(cell.Call, cell.IsOther))
                {
                    if (outcome != cell.Expected)
                        wrong.Enqueue($"{cell.Call}: {outcome}, and not {cell.Expected}");
                }
            });
        return wrong;
    }
}
