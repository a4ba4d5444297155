namespace DisruptorStream.Expressions.Syntax.Nodes;

/// <summary>Makes something of each kind of node.</summary>
internal interface INodeVisitor<out T>
{
    T Visit(LiteralNode node);

    T Visit(NameNode node);

    T Visit(NegateNode node);

    T Visit(NotNode node);

    T Visit(BinaryNode node);

    T Visit(LogicalNode node);

    T Visit(IsNode node);

    T Visit(InNode node);

    T Visit(BetweenNode node);

    T Visit(LikeNode node);

    T Visit(CaseNode node);

    T Visit(CallNode node);

    T Visit(CastNode node);
}
