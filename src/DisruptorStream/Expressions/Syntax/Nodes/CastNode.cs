namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>An operand read as another type.</summary>
internal sealed record CastNode(
    ExpressionNode Operand, string TypeName, TextSpan TypeSpan, TextSpan Span) : ExpressionNode(Span)
{
    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Visit(this);
}
