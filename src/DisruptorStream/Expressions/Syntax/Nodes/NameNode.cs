namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>A column.</summary>
internal sealed record NameNode(string Name, TextSpan Span) : ExpressionNode(Span)
{
    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Visit(this);
}
