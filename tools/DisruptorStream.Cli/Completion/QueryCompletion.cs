using DisruptorStream.Cli.Commands.Reading;
using DisruptorStream.Cli.Jobs.Windowing;

namespace DisruptorStream.Cli.Completion;

/// <summary>What a query may become: the names of its parts, and their values.</summary>
internal static class QueryCompletion
{
    /// <param name="word">What is typed of the query.</param>
    /// <param name="columns">The columns of the input.</param>
    public static IEnumerable<string> Of(string word, IReadOnlyList<string> columns)
    {
        var colon = word.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
            return [];
        var start = Math.Max(word.LastIndexOf(';'), colon) + 1;
        while (start < word.Length && word[start] == ' ')
            start++;
        var equals = word.IndexOf('=', start);
        if (equals < 0)
        {
            return QueryParts.Names.Where(part => !word.Contains($" {part}=", StringComparison.Ordinal))
                .Select(part => $"{word[..start]}{part}=");
        }

        var begun = word[..(equals + 1)];
        return ValuesOf(word[start..equals], word[(equals + 1)..], columns).Select(value => begun + value);
    }

    private static IEnumerable<string> ValuesOf(string part, string value, IReadOnlyList<string> columns) => part switch
    {
        QueryParts.Key => ValueCompletion.Keys(value, columns),
        QueryParts.Window => ValueCompletion.Windows(value),
        QueryParts.Fill => FillSpec.Completions,
        QueryParts.Aggregate => ValueCompletion.Aggregates(value, columns),
        QueryParts.Output or QueryParts.LateOutput => ValueCompletion.Paths(value),
        _ => [],
    };
}
