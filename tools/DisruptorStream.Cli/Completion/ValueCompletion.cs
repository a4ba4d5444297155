using System.CommandLine;
using System.CommandLine.Completions;
using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Jobs.Windowing;
using DisruptorStream.Cli.Text;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Cli.Completion;

/// <summary>What the value of an option or an argument may become: whole words, as the line would have them.</summary>
internal static class ValueCompletion
{
    private static readonly string[] Lengths = ["1s", "10s", "30s", "1m", "5m", "15m", "1h", "6h", "1d"];

    /// <summary>What the value of an option may become.</summary>
    /// <param name="option">The option.</param>
    /// <param name="word">What is typed of its value.</param>
    /// <param name="parsed">The line before it, for the columns of the inputs that it names.</param>
    public static IEnumerable<string> Of(Option option, string word, ParseResult parsed) => option.Name switch
    {
        "--output" or "--late-output" or "--job" => Paths(word),
        "--query" => QueryCompletion.Of(word, HeaderColumns.Of(parsed)),
        "--window" => Windows(word),
        "--fill" => FillSpec.Completions,
        "--watermark" => Watermarks(word),
        "--offset" or "--out-of-orderness" or "--jump-guard" or "--lateness" => Lengths,
        "--time" => HeaderColumns.Of(parsed),
        "--key" => Keys(word, HeaderColumns.Of(parsed)),
        "--aggregate" => Aggregates(word, HeaderColumns.Of(parsed)),
        _ => option.GetCompletions(CompletionContext.Empty).Select(item => item.Label),
    };

    /// <summary>Kinds of windows, then lengths.</summary>
    public static IEnumerable<string> Windows(string word)
    {
        if (word.IndexOf(':', StringComparison.Ordinal) < 0)
            return ["tumbling:", "sliding:", "session:", "silence:", "calendar:"];
        if (word.StartsWith("calendar:", StringComparison.Ordinal))
            return CalendarSpec.Completions(word["calendar:".Length..]).Select(rest => "calendar:" + rest);
        var slash = word.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
            return Lengths.Select(length => word[..(slash + 1)] + length);
        var kind = word[..(word.IndexOf(':', StringComparison.Ordinal) + 1)];
        return Lengths.Select(length => kind + length + (kind == "sliding:" ? "/" : ""));
    }

    /// <summary>Whose time it is, then how far its rows may be out of order.</summary>
    private static IEnumerable<string> Watermarks(string word)
    {
        var begun = word[..(word.IndexOf(':', StringComparison.Ordinal) + 1)];
        return begun.Length == 0 ? WatermarkSpec.Completions : Lengths.Select(length => begun + length);
    }

    /// <summary>Columns after each comma; the name of the file alone.</summary>
    public static IEnumerable<string> Keys(string word, IReadOnlyList<string> columns)
    {
        var begun = word[..(word.LastIndexOf(',') + 1)];
        return columns.Select(column => begun + column).Concat(begun.Length == 0 ? ["@file"] : []);
    }

    /// <summary>Aggregates at the beginning and after each comma, columns within parentheses.</summary>
    public static IEnumerable<string> Aggregates(string word, IReadOnlyList<string> columns)
    {
        var place = word.LastIndexOfAny(['(', ',', ' ']) + 1;
        var begun = word[..place];
        var isInside = begun.Count(one => one == '(') > begun.Count(one => one == ')');
        return isInside
            ? columns.Select(column => begun + (column.AsSpan().ContainsAny(" ,()=") ? $"\"{column}\"" : column) + ")")
            : AggregateMenu.Beginnings.Select(beginning => begun + beginning);
    }

    /// <summary>Files and folders that begin so.</summary>
    public static IEnumerable<string> Paths(string word)
    {
        var cut = word.LastIndexOf('/') + 1;
        var folder = cut == 0 ? "." : word[..cut];
        if (!Directory.Exists(folder))
            return [];
        return new DirectoryInfo(folder).EnumerateFileSystemInfos($"{word[cut..]}*")
            .Where(entry => word.Length > cut || !entry.Name.StartsWith('.'))
            .Where(entry => PlainText.Of(entry.Name) == entry.Name)
            .Select(entry => word[..cut] + entry.Name + (entry is DirectoryInfo ? "/" : ""))
            .Order(StringComparer.Ordinal);
    }
}
