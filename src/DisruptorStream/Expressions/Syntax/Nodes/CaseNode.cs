namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>The result of the first branch that holds.</summary>
internal sealed record CaseNode(
    ExpressionNode? Operand, IReadOnlyList<CaseBranch> Branches, ExpressionNode? Otherwise, TextSpan Span)
    : ExpressionNode(Span)
{
    public override T Accept<T>(INodeVisitor<T> visitor) => visitor.Visit(this);
}
