using DisruptorStream.Expressions.Syntax.Nodes;

namespace DisruptorStream.Cli.Input.Derived;

/// <summary>What must be true of a row.</summary>
/// <param name="Node">The expression.</param>
/// <param name="Source">What it was given as, for messages.</param>
internal sealed record RowCondition(ExpressionNode Node, string Source);
