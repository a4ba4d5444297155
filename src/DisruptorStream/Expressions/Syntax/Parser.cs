using System.Runtime.InteropServices;
using DisruptorStream.Expressions.Syntax.Nodes;

namespace DisruptorStream.Expressions.Syntax;

/// <summary>Reads an expression: a subset of what SQL calls a value expression or a search condition.</summary>
/// <remarks>
/// By recursive descent, from what binds least to what binds most: or, and, not, predicates, ||, + and -, * / and %,
/// signs. Depth is bounded, so that no text overflows the stack of who reads or visits it.
/// </remarks>
internal sealed partial class Parser
{
    private const int MostDepth = 250;

    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;

    /// <summary>Begins at the first token.</summary>
    /// <exception cref="ExpressionException">Something in the text is no token.</exception>
    public Parser(string text) => _tokens = Tokenizer.Read(text);

    public Token Current => _tokens[_at];

    /// <summary>Reads a text that is an expression and nothing else.</summary>
    /// <exception cref="ExpressionException">It is none; the message says where and why.</exception>
    public static ExpressionNode Parse(string text)
    {
        var parser = new Parser(text);
        var node = parser.ReadExpression();
        parser.ThrowUnlessAtEnd();
        return node;
    }

    /// <summary>Reads "NAME = EXPRESSION".</summary>
    /// <inheritdoc cref="Parse" path="/exception"/>
    public static (Token Name, ExpressionNode Node) ParseNamed(string text)
    {
        var parser = new Parser(text);
        var name = parser.ReadName("a name");
        parser.TakeSymbol("=", "between the name and its expression, such as: rate = tokens / seconds");
        var node = parser.ReadExpression();
        parser.ThrowUnlessAtEnd();
        return (name, node);
    }

    /// <summary>Reads an expression, up to the first token that cannot belong to it.</summary>
    public ExpressionNode ReadExpression()
    {
        Enter();
        var node = ReadJoined("or", isAnd: false);
        _depth--;
        return node;
    }

    public void ThrowUnlessAtEnd()
    {
        if (Current.Kind == TokenKind.End)
            return;
        throw Current.Span.Error(Current.IsSymbol(")")
            ? "The parenthesis closes nothing; remove it, or open one before."
            : $"The expression ends before {Describe(Current)}; write an operator between them, such as + or and.");
    }

    private Token ReadName(string what)
    {
        var token = Current;
        if (token.Kind == TokenKind.QuotedName || (token.Kind == TokenKind.Word && !Keywords.Contains(token.Text)))
        {
            _at++;
            return token;
        }

        throw token.Span.Error($"Here is {Describe(token)} in the place of {what}; a word of the language, or a name "
            + "with other characters than letters, digits and _, stands in double quotes.");
    }

    /// <summary>Operands that are joined by and, or by or.</summary>
    private ExpressionNode ReadJoined(string word, bool isAnd)
    {
        var first = isAnd ? ReadNot() : ReadJoined("and", isAnd: true);
        if (!Current.IsWord(word))
            return first;
        var operands = new List<ExpressionNode> { first };
        while (TryTakeWord(word))
            operands.Add(isAnd ? ReadNot() : ReadJoined("and", isAnd: true));
        return Above(
            new LogicalNode(isAnd, operands, first.Span.To(operands[^1].Span)), CollectionsMarshal.AsSpan(operands));
    }

    private ExpressionNode ReadNot()
    {
        var start = Current.Span;
        if (!TryTakeWord("not"))
            return ReadPredicate();
        Enter();
        var operand = ReadNot();
        _depth--;
        return Above(new NotNode(operand, start.To(operand.Span)), operand);
    }

    private ExpressionNode ReadPredicate()
    {
        var left = ReadOperators(Operators.Joining);
        if (Operators.TryGet(Current, out var comparison, out var level) && level == Operators.Comparison)
        {
            _at++;
            var right = ReadOperators(Operators.Joining);
            left = Above(new BinaryNode(comparison, left, right, left.Span.To(right.Span)), left, right);
            if (Operators.TryGet(Current, out _, out level) && level == Operators.Comparison)
            {
                throw Current.Span.Error(
                    "Two comparisons follow one another; join them with and: a < b and b < c.");
            }
        }
        else
        {
            left = ReadNamedPredicate(left);
        }

        while (TryTakeWord("is"))
            left = ReadIs(left);
        return left;
    }

    private ExpressionNode ReadNamedPredicate(ExpressionNode left)
    {
        var isNegated = Current.IsWord("not") && IsPredicate(_tokens[_at + 1]);
        if (!isNegated && !IsPredicate(Current))
            return left;
        if (isNegated)
            _at++;
        if (TryTakeWord("in"))
            return ReadIn(left, isNegated);
        if (TryTakeWord("between"))
        {
            var low = ReadOperators(Operators.Joining);
            TakeWord("and", "between the bounds: between 1 and 10");
            var high = ReadOperators(Operators.Joining);
            return Above(new BetweenNode(left, low, high, isNegated, left.Span.To(high.Span)), left, low, high);
        }

        TakeWord("like", "here");
        var pattern = ReadOperators(Operators.Joining);
        var escape = TryTakeWord("escape") ? ReadOperators(Operators.Joining) : null;
        var span = left.Span.To((escape ?? pattern).Span);
        return Above(new LikeNode(left, pattern, escape, isNegated, span), left, pattern);
    }

    private InNode ReadIn(ExpressionNode left, bool isNegated)
    {
        TakeSymbol("(", "after in: in (1, 2, 3)");
        var items = new List<ExpressionNode> { left };
        do
            items.Add(ReadExpression());
        while (TryTakeSymbol(","));
        var end = TakeSymbol(")", "at the end of the list");
        return Above(new InNode(left, items[1..], isNegated, left.Span.To(end.Span)), CollectionsMarshal.AsSpan(items));
    }

    private IsNode ReadIs(ExpressionNode left)
    {
        var isNegated = TryTakeWord("not");
        var token = Current;
        bool? truth = token.IsWord("true") ? true : token.IsWord("false") ? false : null;
        if (truth is null && !token.IsWord("null") && !token.IsWord("unknown"))
            throw token.Span.Error($"After 'is' comes {Describe(token)}; write null, true or false, or = to compare.");
        _at++;
        return Above(new IsNode(left, truth, isNegated, left.Span.To(token.Span)), left);
    }

    private ExpressionNode ReadOperators(int level)
    {
        var left = level == Operators.Multiplying ? ReadSigned() : ReadOperators(level + 1);
        while (Operators.TryGet(Current, out var found, out var its) && its == level)
        {
            _at++;
            var right = level == Operators.Multiplying ? ReadSigned() : ReadOperators(level + 1);
            left = Above(new BinaryNode(found, left, right, left.Span.To(right.Span)), left, right);
        }

        return left;
    }

    private static bool IsPredicate(in Token token) =>
        token.IsWord("in") || token.IsWord("between") || token.IsWord("like");

    private void Enter()
    {
        if (++_depth > MostDepth)
            throw TooDeep(Current.Span);
    }

    /// <summary>The node, knowing how deep it is.</summary>
    private static TNode Above<TNode>(TNode node, params ReadOnlySpan<ExpressionNode> operands)
        where TNode : ExpressionNode
    {
        var depth = 0;
        foreach (var operand in operands)
            depth = Math.Max(depth, operand.Depth);
        return depth < MostDepth ? node with { Depth = depth + 1 } : throw TooDeep(node.Span);
    }

    private static ExpressionException TooDeep(TextSpan span) => new(
        $"The expression is nested more than {MostDepth} deep here; divide it into several.",
        span.Start,
        Math.Min(span.Length, 1));
}
