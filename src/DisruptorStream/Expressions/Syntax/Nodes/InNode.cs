namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>Whether an operand equals one of several.</summary>
internal sealed record InNode(
    ExpressionNode Operand, IReadOnlyList<ExpressionNode> Items, bool IsNegated, TextSpan Span) : ExpressionNode(Span)
{
    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Visit(this);
}
