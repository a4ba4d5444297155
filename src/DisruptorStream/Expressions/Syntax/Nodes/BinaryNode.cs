namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>An operator between two operands.</summary>
internal sealed record BinaryNode(
    BinaryOperator Operator, ExpressionNode Left, ExpressionNode Right, TextSpan Span) : ExpressionNode(Span)
{
    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Visit(this);
}
