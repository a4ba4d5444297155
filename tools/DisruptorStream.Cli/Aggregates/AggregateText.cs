using DisruptorStream.Cli.Text;
using DisruptorStream.Expressions;
using DisruptorStream.Expressions.Binding;

namespace DisruptorStream.Cli.Aggregates;

/// <summary>Takes a list of aggregates apart into calls and their arguments, with their places.</summary>
/// <remarks>A column whose name has a comma, a parenthesis or an equals sign stands in double quotes.</remarks>
internal static class AggregateText
{
    public static IEnumerable<AggregateCall> Read(string text)
    {
        foreach (var (part, start) in Split(text, 0))
        {
            if (part.Trim().Length == 0)
                throw Error("An aggregate is missing, such as count or sum(COLUMN)", start + 1, part);
            yield return ReadCall(part, start);
        }
    }

    private static AggregateCall ReadCall(string part, int start)
    {
        var text = part.Trim();
        var position = start + 1 + (part.Length - part.TrimStart().Length);
        var call = text;
        string? alias = null;
        var place = QuotedText.LastAs(text);
        if (place > QuotedText.Mask(text).LastIndexOf(')'))
        {
            call = text[..place].Trim();
            alias = QuotedText.Unquote(text[(place + 3)..].Trim());
            if (alias.Length == 0)
                throw Error($"The aggregate '{text}' has no name after 'as'", position, text);
        }

        if (!IsCall(call))
            return new AggregateCall(text, position, call, alias, []) { Expression = call };
        var open = call.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
            return new AggregateCall(text, position, call.ToLowerInvariant(), alias, []);

        if (!call.EndsWith(')'))
            throw Error($"The aggregate '{text}' lacks its closing parenthesis", position, text);

        var arguments = Split(call[(open + 1)..^1], open + 1)
            .Select(argument => ReadArgument(argument.Part, position + argument.Start)).ToList();
        if (arguments is [{ Name: null, Text: "" }])
            arguments = [];
        return new AggregateCall(text, position, call[..open].Trim().ToLowerInvariant(), alias, arguments);
    }

    /// <summary>
    /// Whether a text is a name, alone or with arguments in parentheses; else it is an expression, and so is a call of
    /// a function that is no aggregate.
    /// </summary>
    private static bool IsCall(string text)
    {
        var length = text.TakeWhile(one => char.IsLetterOrDigit(one) || one is '_' or '.').Count();
        var rest = QuotedText.Mask(text[length..]).TrimStart();
        if (length == 0 || rest.Length == 0)
            return rest.Length == 0;
        if (rest[0] != '(' || (FunctionMenu.Contains(text[..length]) && !AggregateMenu.Contains(text[..length])))
            return false;
        var depth = 0;
        for (var at = 0; at < rest.Length; at++)
        {
            depth += rest[at] == '(' ? 1 : rest[at] == ')' ? -1 : 0;
            if (depth == 0)
                return rest.AsSpan(at + 1).Trim(") ").IsEmpty;
        }

        return true;
    }

    private static AggregateArgument ReadArgument(string part, int position)
    {
        var text = part.Trim();
        position += part.Length - part.TrimStart().Length;
        if (QuotedText.IsOpen(text))
            throw Error($"The quotes of '{text}' are not closed", position, text);
        if (text is ['"', .., '"'])
            return new AggregateArgument(null, text[1..^1], position, text.Length);

        if (text.Count(one => one == '(') != text.Count(one => one == ')'))
        {
            throw Error(
                $"The parentheses of '{text}' do not match; a column whose name has one stands in double quotes",
                position,
                text);
        }

        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? new AggregateArgument(null, text, position, text.Length)
            : new AggregateArgument(
                text[..equals].Trim(), text[(equals + 1)..].Trim(), position, text.Length);
    }

    private static ExpressionException Error(string problem, int position, string text) =>
        new($"{problem} (at character {position}).", position - 1, text.Length);

    private static IEnumerable<(string Part, int Start)> Split(string text, int offset)
    {
        var (depth, start, isQuoted) = (0, 0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"')
                isQuoted = !isQuoted;
            if (isQuoted)
                continue;
            if (text[i] == '(')
                depth++;
            else if (text[i] == ')')
                depth--;
            if (text[i] != ',' || depth != 0)
                continue;
            yield return (text[start..i], offset + start);
            start = i + 1;
        }

        yield return (text[start..], offset + start);
    }
}
