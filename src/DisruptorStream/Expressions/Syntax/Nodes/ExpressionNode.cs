namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>A part of an expression as it is written.</summary>
/// <param name="Span">Where it is in the text.</param>
internal abstract record ExpressionNode(TextSpan Span)
{
    /// <summary>How many nodes are above its deepest leaf, itself among them.</summary>
    public int Depth { get; init; } = 1;

    public abstract T Accept<T>(INodeVisitor<T> visitor);
}
