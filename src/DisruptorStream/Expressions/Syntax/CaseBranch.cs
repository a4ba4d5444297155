using DisruptorStream.Expressions.Syntax.Nodes;

namespace DisruptorStream.Expressions.Syntax;

/// <summary>A branch of a case: when it holds, and what it gives then.</summary>
internal sealed record CaseBranch(ExpressionNode When, ExpressionNode Then);
