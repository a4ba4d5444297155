using System.Globalization;

namespace DisruptorStream.Crash.Workloads;

/// <summary>What a collector outside of the process was handed, in one life or several. Any thread.</summary>
internal sealed class CollectedResults : IResultLines
{
    private const int MostShown = 5;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SortedDictionary<long, string>> _queries = [];
    private readonly List<string> _problems = [];

    /// <summary>How many results there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _queries.Values.Sum(lines => lines.Count);
        }
    }

    public void Write(string lines)
    {
        foreach (var line in lines.AsSpan().EnumerateLines())
        {
            if (!line.IsEmpty)
                Add(line.ToString());
        }
    }

    /// <summary>Adds a result. One that was there before must be the same.</summary>
    public void Add(string line)
    {
        var parts = line.Split(' ', 3);
        var number = long.Parse(parts[1], CultureInfo.InvariantCulture);
        lock (_gate)
        {
            if (!_queries.TryGetValue(parts[0], out var lines))
                _queries[parts[0]] = lines = [];
            if (!lines.TryAdd(number, parts[2]) && lines[number] != parts[2])
                _problems.Add($"Result {number} of {parts[0]} was '{lines[number]}', and then '{parts[2]}'.");
        }
    }

    /// <summary>What differs from a run that was never interrupted; empty where all is well.</summary>
    /// <param name="expected">The results of that run.</param>
    /// <param name="hasOrder">Whether results must have the same numbers, and not only be the same.</param>
    public string Compare(CollectedResults expected, bool hasOrder)
    {
        lock (_gate)
        {
            var problems = new List<string>(_problems);
            foreach (var query in expected._queries.Keys.Union(_queries.Keys))
            {
                var lines = _queries.GetValueOrDefault(query, []);
                var others = expected._queries.GetValueOrDefault(query, []);
                if (lines.Count > 0 && (lines.Keys.First() != 1 || lines.Keys.Last() != lines.Count))
                    problems.Add($"The {lines.Count} results of {query} are not numbered from 1 on without a hole.");
                var balance = BalanceOf(lines, others, hasOrder);
                problems.AddRange(balance.Where(line => line.Value < 0).Select(line => $"{query} lost '{line.Key}'."));
                problems.AddRange(
                    balance.Where(line => line.Value > 0).Select(line => $"{query} doubled '{line.Key}'."));
            }

            var more = problems.Count > MostShown ? $" And {problems.Count - MostShown} more." : "";
            return string.Join(" ", problems.Take(MostShown)) + more;
        }
    }

    /// <summary>How often each line is here, less how often it should be.</summary>
    private static SortedDictionary<string, int> BalanceOf(
        SortedDictionary<long, string> lines, SortedDictionary<long, string> expected, bool hasOrder)
    {
        var balance = new SortedDictionary<string, int>(StringComparer.Ordinal);
        Add(lines, 1);
        Add(expected, -1);
        return balance;

        void Add(SortedDictionary<long, string> added, int by)
        {
            foreach (var (number, text) in added)
            {
                var line = hasOrder ? $"{number} {text}" : text;
                balance[line] = balance.GetValueOrDefault(line) + by;
            }
        }
    }
}
