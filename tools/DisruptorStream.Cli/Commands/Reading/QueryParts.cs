using DisruptorStream.Cli.Text;
using DisruptorStream.Messages;

namespace DisruptorStream.Cli.Commands.Reading;

/// <summary>A query as it was given: its name, and its parts by their names.</summary>
/// <param name="Name">The name; null for the query that the options of the job make.</param>
/// <param name="Whole">All of it, for what is wrong with the whole.</param>
internal sealed record QueryParts(string? Name, OptionText Whole)
{
    public const string Key = "key";
    public const string Where = "where";
    public const string Window = "window";
    public const string Fill = "fill";
    public const string Aggregate = "aggregate";
    public const string Having = "having";
    public const string Output = "output";
    public const string LateOutput = "late-output";

    /// <summary>The names of all parts.</summary>
    public static readonly string[] Names = [Key, Where, Window, Fill, Aggregate, Having, Output, LateOutput];

    private readonly Dictionary<string, OptionText> _parts = new(StringComparer.Ordinal);

    /// <summary>A part; null where it was not given.</summary>
    public OptionText? Find(string part) => _parts.GetValueOrDefault(part);

    /// <exception cref="OptionException">It was not given.</exception>
    public OptionText Get(string part, string example) => Find(part) ?? throw Whole.Error(new FormatException(
        $"It lacks its {part}; add {part}, such as {example}."));

    /// <summary>Adds a part.</summary>
    /// <param name="part">Its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>What is wrong with the name; null where nothing is.</returns>
    public string? Add(string part, OptionText value)
    {
        if (!Names.Contains(part, StringComparer.Ordinal))
            return $"A query has no '{part}'; {NearestWord.Hint(part, Names)}";
        return _parts.TryAdd(part, value) ? null : $"It has its {part} twice; leave one out.";
    }
}
