namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>A function and its arguments.</summary>
internal sealed record CallNode(
    string Function, TextSpan NameSpan, IReadOnlyList<ExpressionNode> Arguments, TextSpan Span) : ExpressionNode(Span)
{
    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Visit(this);
}
