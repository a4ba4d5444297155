namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>A test that is never null itself: for null where there is no truth value, else for the value.</summary>
internal sealed record IsNode(
    ExpressionNode Operand, bool? Truth, bool IsNegated, TextSpan Span) : ExpressionNode(Span)
{
    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Visit(this);
}
