namespace DisruptorStream.Expressions.Syntax;

/// <summary>The words that are no names, unless they stand in double quotes.</summary>
internal static class Keywords
{
    private static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "and", "as", "between", "case", "cast", "else", "end", "escape", "false", "in", "is", "like", "not", "null",
        "or", "then", "true", "when",
    };

    public static bool Contains(string word) => Words.Contains(word);
}
