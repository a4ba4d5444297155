namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>A constant: a long, a double, a string, a bool, or null.</summary>
internal sealed record LiteralNode(object? Value, TextSpan Span) : ExpressionNode(Span)
{
    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Visit(this);
}
