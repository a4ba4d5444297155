using System.Globalization;
using System.Runtime.InteropServices;
using DisruptorStream.Expressions.Syntax.Nodes;

namespace DisruptorStream.Expressions.Syntax;

/// <summary>What operators stand between.</summary>
internal sealed partial class Parser
{
    private ExpressionNode ReadSigned()
    {
        var sign = Current;
        if (!sign.IsSymbol("-") && !sign.IsSymbol("+"))
            return ReadOperand();
        _at++;
        if (sign.IsSymbol("-") && Current.Kind is TokenKind.Integer or TokenKind.Number)
            return TakeNumber("-", sign.Span);
        Enter();
        var operand = ReadSigned();
        _depth--;
        return sign.IsSymbol("+") ? operand : Above(new NegateNode(operand, sign.Span.To(operand.Span)), operand);
    }

    private ExpressionNode ReadOperand()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Integer or TokenKind.Number:
                return TakeNumber("", token.Span);
            case TokenKind.Text:
                _at++;
                return new LiteralNode(token.Text, token.Span);
            case TokenKind.QuotedName:
                _at++;
                return new NameNode(token.Text, token.Span);
            case TokenKind.Word:
                return ReadWord(token);
            case TokenKind.Symbol when token.IsSymbol("("):
                _at++;
                var node = ReadExpression();
                var end = TakeSymbol(")", "to close the parenthesis", token.Span);
                return node with { Span = token.Span.To(end.Span) };
            default:
                throw NoOperand(token);
        }
    }

    private ExpressionNode ReadWord(Token word)
    {
        if (word.IsWord("case"))
            return ReadCase();
        if (word.IsWord("cast"))
            return ReadCast();
        if (word.IsWord("null") || word.IsWord("true") || word.IsWord("false"))
        {
            _at++;
            return new LiteralNode(word.IsWord("null") ? null : word.IsWord("true"), word.Span);
        }

        if (Keywords.Contains(word.Text))
            throw NoOperand(word);
        _at++;
        return Current.IsSymbol("(") ? ReadCall(word) : new NameNode(word.Text, word.Span);
    }

    private CallNode ReadCall(Token name)
    {
        TakeSymbol("(", "after the function");
        var arguments = new List<ExpressionNode>();
        if (!Current.IsSymbol(")"))
        {
            do
                arguments.Add(ReadExpression());
            while (TryTakeSymbol(","));
        }

        var end = TakeSymbol(")", $"to close the arguments of '{name.Text}'", name.Span);
        return Above(
            new CallNode(name.Text, name.Span, arguments, name.Span.To(end.Span)),
            CollectionsMarshal.AsSpan(arguments));
    }

    private CaseNode ReadCase()
    {
        var start = Current.Span;
        _at++;
        var operands = new List<ExpressionNode>();
        var operand = Current.IsWord("when") ? null : ReadExpression();
        if (operand is not null)
            operands.Add(operand);
        var branches = new List<CaseBranch>();
        TakeWord("when", "after case: case when a > 1 then 2 else 3 end");
        do
        {
            var when = ReadExpression();
            TakeWord("then", "after the condition of when");
            var branch = new CaseBranch(when, ReadExpression());
            branches.Add(branch);
            operands.AddRange([branch.When, branch.Then]);
        }
        while (TryTakeWord("when"));

        var otherwise = TryTakeWord("else") ? ReadExpression() : null;
        if (otherwise is not null)
            operands.Add(otherwise);
        var end = TakeWord("end", "at the end of the case", start);
        return Above(
            new CaseNode(operand, branches, otherwise, start.To(end.Span)), CollectionsMarshal.AsSpan(operands));
    }

    private CastNode ReadCast()
    {
        var start = Current.Span;
        _at++;
        TakeSymbol("(", "after cast: cast(a as bigint)");
        var operand = ReadExpression();
        TakeWord("as", "before the type: cast(a as bigint)");
        var type = ReadName("a type, such as bigint, double, text or boolean");
        if (type.IsWord("double") && Current.IsWord("precision"))
            _at++;
        var end = TakeSymbol(")", "to close the cast", start);
        return Above(new CastNode(operand, type.Text, type.Span, start.To(end.Span)), operand);
    }

    private LiteralNode TakeNumber(string sign, TextSpan from)
    {
        var token = Current;
        var span = from.To(token.Span);
        _at++;
        var text = sign + token.Text;
        if (token.Kind == TokenKind.Integer
            && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
        {
            return new LiteralNode(integer, span);
        }

        // Minus zero is zero.
        var number = double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) + 0.0;
        return double.IsFinite(number) ? new LiteralNode(number, span) : throw span.Error(
            $"The number is beyond {double.MaxValue:0.###e+0}, the largest of 64 bits; write a smaller one.");
    }

    private bool TryTakeWord(string word)
    {
        var isThere = Current.IsWord(word);
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private bool TryTakeSymbol(string symbol)
    {
        var isThere = Current.IsSymbol(symbol);
        _at += isThere ? 1 : 0;
        return isThere;
    }

    private Token TakeWord(string word, string where, TextSpan? opened = null) =>
        Current.IsWord(word) ? _tokens[_at++] : throw Missing(word, where, opened);

    private Token TakeSymbol(string symbol, string where, TextSpan? opened = null) =>
        Current.IsSymbol(symbol) ? _tokens[_at++] : throw Missing(symbol, where, opened);

    /// <summary>At the end of the text, what was opened is shown; else the token in its place.</summary>
    private ExpressionException Missing(string what, string where, TextSpan? opened) =>
        (Current.Kind == TokenKind.End && opened is { } open ? open : Current.Span).Error(
            $"A '{what}' is missing {where}; there is {Describe(Current)} in its place.");

    private ExpressionException NoOperand(in Token token)
    {
        if (FromOtherLanguage() is { } meant)
            return _tokens[_at - 1].Span.To(token.Span).Error($"There is no such comparison; did you mean '{meant}'?");
        return token.Span.Error(TextOfNoOperand(token));
    }

    /// <summary>What is meant by '==' and '=>', of which the second character is in the place of an operand.</summary>
    private string? FromOtherLanguage()
    {
        if (_at == 0 || !_tokens[_at - 1].IsSymbol("="))
            return null;
        return Current.IsSymbol("=") ? "=" : Current.IsSymbol(">") ? ">=" : null;
    }

    private static string TextOfNoOperand(in Token token) =>
        token.Kind == TokenKind.End
            ? "The expression ends where a column, a number or a text is needed; write one there, or remove what is "
                + "before."
            : $"Here is {Describe(token)} where a column, a number or a text is needed; a column of that name stands "
                + "in double quotes.";

    private static string Describe(in Token token) => token.Kind switch
    {
        TokenKind.End => "the end",
        TokenKind.Text => $"the text '{token.Text}'",
        TokenKind.QuotedName => $"the name \"{token.Text}\"",
        _ => $"'{token.Text}'",
    };
}
