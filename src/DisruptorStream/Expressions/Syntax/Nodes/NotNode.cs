namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>The opposite of a truth value.</summary>
internal sealed record NotNode(ExpressionNode Operand, TextSpan Span) : ExpressionNode(Span)
{
    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Visit(this);
}
