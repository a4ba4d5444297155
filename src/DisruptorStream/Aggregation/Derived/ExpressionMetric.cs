using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Expressions.Syntax.Nodes;

namespace DisruptorStream.Aggregation.Derived;

/// <summary>A metric that is an expression over metrics before it; it keeps nothing itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expression">The expression.</param>
/// <param name="Type">What its values are.</param>
internal sealed record ExpressionMetric(string Name, ExpressionNode Expression, MeasureType Type)
    : MetricDefinition(Name, MetricKind.Expression)
{
    public override MeasureType ResultType => Type;

    public override void Accept(IMetricVisitor visitor) => visitor.VisitExpression(this);
}
