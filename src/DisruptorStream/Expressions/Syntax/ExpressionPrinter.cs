using System.Globalization;
using System.Text;
using DisruptorStream.Expressions.Syntax.Nodes;

namespace DisruptorStream.Expressions.Syntax;

/// <summary>Writes an expression in one form, which reads as the same again.</summary>
internal sealed class ExpressionPrinter : INodeVisitor<string>
{
    private static readonly ExpressionPrinter Instance = new();

    public static string Print(ExpressionNode node) => node.Accept(Instance);

    /// <summary>A name as an expression has it: in double quotes where it must be.</summary>
    public static string PrintName(string name) => Tokenizer.IsBareName(name) && !Keywords.Contains(name)
        ? name
        : $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public string Visit(LiteralNode node) => node.Value switch
    {
        null => "null",
        bool truth => truth ? "true" : "false",
        string text => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'",
        long integer => integer.ToString(CultureInfo.InvariantCulture),
        double number => PrintNumber(number),
        var other => throw new InvalidOperationException($"A literal of {other.GetType()} cannot be written."),
    };

    public string Visit(NameNode node) => PrintName(node.Name);

    // A minus right before a number is part of the number.
    public string Visit(NegateNode node) =>
        node.Operand is LiteralNode ? $"-({Print(node.Operand)})" : $"-{Operand(node.Operand)}";

    public string Visit(NotNode node) => $"not {Operand(node.Operand)}";

    public string Visit(BinaryNode node) =>
        $"{Left(node)} {Operators.SymbolOf(node.Operator)} {Operand(node.Right)}";

    public string Visit(LogicalNode node) =>
        Join(node.Operands, node.IsAnd ? " and " : " or ", Operand);

    public string Visit(IsNode node) =>
        $"{Operand(node.Operand)} is {Not(node.IsNegated)}{node.Truth?.ToString().ToLowerInvariant() ?? "null"}";

    public string Visit(InNode node) =>
        $"{Operand(node.Operand)} {Not(node.IsNegated)}in ({Join(node.Items, ", ", Print)})";

    public string Visit(BetweenNode node) =>
        $"{Operand(node.Operand)} {Not(node.IsNegated)}between {Operand(node.Low)} and {Operand(node.High)}";

    public string Visit(LikeNode node) =>
        $"{Operand(node.Operand)} {Not(node.IsNegated)}like {Operand(node.Pattern)}"
        + (node.Escape is null ? "" : $" escape {Operand(node.Escape)}");

    public string Visit(CaseNode node)
    {
        var text = new StringBuilder("case");
        if (node.Operand is not null)
            text.Append(' ').Append(Print(node.Operand));
        foreach (var branch in node.Branches)
            text.Append(" when ").Append(Print(branch.When)).Append(" then ").Append(Print(branch.Then));
        if (node.Otherwise is not null)
            text.Append(" else ").Append(Print(node.Otherwise));
        return text.Append(" end").ToString();
    }

    public string Visit(CallNode node) =>
        $"{node.Function.ToLowerInvariant()}({Join(node.Arguments, ", ", Print)})";

    public string Visit(CastNode node) => $"cast({Print(node.Operand)} as {PrintName(node.TypeName)})";

    private static string Join(IReadOnlyList<ExpressionNode> nodes, string between, Func<ExpressionNode, string> print)
    {
        var texts = new string[nodes.Count];
        for (var index = 0; index < texts.Length; index++)
            texts[index] = print(nodes[index]);
        return string.Join(between, texts);
    }

    private static string Not(bool isNegated) => isNegated ? "not " : "";

    /// <summary>A chain of one level needs no parentheses on its left.</summary>
    private static string Left(BinaryNode node) => node.Left is BinaryNode left
        && Operators.LevelOf(left.Operator) == Operators.LevelOf(node.Operator)
        && Operators.LevelOf(node.Operator) != Operators.Comparison
            ? Print(left)
            : Operand(node.Left);

    private static string Operand(ExpressionNode node) =>
        node is NameNode or CallNode or CastNode or CaseNode
            or LiteralNode { Value: not (long and < 0 or double and < 0) }
            ? Print(node)
            : $"({Print(node)})";

    /// <summary>With a fraction or an exponent, so that it reads as a double again.</summary>
    private static string PrintNumber(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }
}
