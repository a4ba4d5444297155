using DisruptorStream.Cli.Text;
using DisruptorStream.Expressions;

namespace DisruptorStream.Cli.Commands.Reading;

/// <summary>Reads a query as the command line has it: "name: key=host; window=tumbling:1m; aggregate=count".</summary>
/// <remarks>
/// A semicolon between quotes parts nothing. Quotes around a whole value are taken off; within it they are the value's
/// own.
/// </remarks>
internal static class QueryText
{
    private const string Form = "NAME: key=COLUMNS; where=EXPRESSION; window=WINDOW; aggregate=LIST; output=FILE";

    /// <param name="label">The option.</param>
    /// <param name="text">Its value.</param>
    /// <exception cref="OptionException">It cannot be understood.</exception>
    public static QueryParts Parse(string label, string text)
    {
        var all = new OptionText(label, text);
        var colon = text.AsSpan().IndexOfAny(":=;");
        if (colon < 0 || text[colon] != ':' || text[..colon].Trim() is not { Length: > 0 } name)
        {
            throw all.Error(new ExpressionException(
                $"A query begins with its name and a colon; write '{Form}'.", 0, Math.Max(1, colon)));
        }

        var query = new QueryParts(name, all with { Query = name });
        foreach (var (start, end) in Split(query.Whole, colon + 1))
            AddPart(query, start, end);
        return query;
    }

    private static void AddPart(QueryParts query, int start, int end)
    {
        var text = query.Whole.Text;
        Trim(text, ref start, ref end);
        if (start == end)
            return;
        var equals = text.IndexOf('=', start, end - start);
        var word = equals < 0 ? text[start..end] : text[start..equals].TrimEnd();
        if (equals < 0)
            throw Error(query, start, word.Length, $"'{word}' has no value; write PART=VALUE, such as key=host.");
        var valueStart = equals + 1;
        Trim(text, ref valueStart, ref end);
        if (end - valueStart >= 2 && text[valueStart] is '"' or '\''
            && text.IndexOf(text[valueStart], valueStart + 1) == end - 1)
        {
            valueStart++;
            end--;
        }

        var value = query.Whole with { Text = text[valueStart..end], Shown = text, Offset = valueStart };
        if (query.Add(word, value) is { } problem)
            throw Error(query, start, word.Length, problem);
    }

    private static IEnumerable<(int Start, int End)> Split(OptionText whole, int start)
    {
        var text = whole.Text;
        var quote = -1;
        for (var place = start; place < text.Length; place++)
        {
            if (quote >= 0)
            {
                if (text[place] == text[quote])
                    quote = -1;
            }
            else if (text[place] is '"' or '\'')
            {
                quote = place;
            }
            else if (text[place] == ';')
            {
                yield return (start, place);
                start = place + 1;
            }
        }

        if (quote >= 0)
        {
            throw whole.Error(new ExpressionException(
                "A quote is not closed; close it, or put a value that has one between quotes of the other kind.",
                quote,
                1));
        }

        yield return (start, text.Length);
    }

    private static void Trim(string text, ref int start, ref int end)
    {
        while (start < end && char.IsWhiteSpace(text[start]))
            start++;
        while (start < end && char.IsWhiteSpace(text[end - 1]))
            end--;
    }

    private static OptionException Error(QueryParts query, int start, int length, string message) =>
        query.Whole.Error(new ExpressionException(message, start, Math.Max(1, length)));
}
