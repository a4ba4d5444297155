namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>Whether an operand lies between two others, or equals one.</summary>
internal sealed record BetweenNode(
    ExpressionNode Operand, ExpressionNode Low, ExpressionNode High, bool IsNegated, TextSpan Span)
    : ExpressionNode(Span)
{
    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Visit(this);
}
