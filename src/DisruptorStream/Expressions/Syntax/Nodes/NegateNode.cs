namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>A minus before a number.</summary>
internal sealed record NegateNode(ExpressionNode Operand, TextSpan Span) : ExpressionNode(Span)
{
    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Visit(this);
}
