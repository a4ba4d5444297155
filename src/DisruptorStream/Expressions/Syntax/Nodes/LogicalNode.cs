namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>Two or more operands joined by and, or by or.</summary>
internal sealed record LogicalNode(
    bool IsAnd, IReadOnlyList<ExpressionNode> Operands, TextSpan Span) : ExpressionNode(Span)
{
    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Visit(this);
}
