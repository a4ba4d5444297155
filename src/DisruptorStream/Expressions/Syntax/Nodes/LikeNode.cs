namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>Whether a text fits a pattern.</summary>
internal sealed record LikeNode(
    ExpressionNode Operand, ExpressionNode Pattern, ExpressionNode? Escape, bool IsNegated, TextSpan Span)
    : ExpressionNode(Span)
{
    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Visit(this);
}
