using System.Collections.Concurrent;

namespace DisruptorStream.Tests.Lifecycle;

/// <summary>The table of docs/lifecycle-and-errors.md: what each call does in each state.</summary>
internal static class LifecycleTable
{
    /// <summary>Most of a cell is a wait for something that does not come.</summary>
    private const int CellsAtOnce = 4;

    private static readonly Lazy<Dictionary<(string Call, string State), string>> Cells = new(Read);

    public static IEnumerable<string> States => Cells.Value.Keys.Select(key => key.State).Distinct();

    public static IEnumerable<string> Calls => Cells.Value.Keys.Select(key => key.Call).Distinct();

    /// <summary>What the table says; "-" where there is no such case.</summary>
    public static string Of(string call, string state, ExecutionMode mode)
    {
        var words = Cells.Value[(call, state)].Split(" / ");
        return mode == ExecutionMode.Inline ? words[^1] : words[0];
    }

    private static Dictionary<(string Call, string State), string> Read()
    {
        using var stream = typeof(LifecycleTable).Assembly.GetManifestResourceStream("lifecycle-and-errors.md")!;
        using var reader = new StreamReader(stream);
        var cells = new Dictionary<(string, string), string>();
        string[]? header = null;
        while (reader.ReadLine() is { } line)
        {
            var row = line.StartsWith('|') ? line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries) : null;
            if (row is null)
                header = null;
            else if (row[0] == "call")
                header = row;
            else if (header is not null && row[0] != "---")
                AddRow(cells, header, row);
        }

        return cells;
    }

    private static void AddRow(Dictionary<(string Call, string State), string> cells, string[] header, string[] row)
    {
        Assert.Equal(header.Length, row.Length);
        for (var column = 1; column < row.Length; column++)
            cells.Add((row[0], header[column]), row[column]);
    }

    /// <summary>Makes the calls of the table in one state, and says which of them do something else.</summary>
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
            if (Of(call, state, mode) is not "-" and var expected)
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
