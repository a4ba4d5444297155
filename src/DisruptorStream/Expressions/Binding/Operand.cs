using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Syntax.Nodes;

namespace DisruptorStream.Expressions.Binding;

/// <summary>A bound part of an expression, and the node that it was made of.</summary>
internal readonly record struct Operand(Column Column, ExpressionNode Node)
{
    public ExpressionType Type => Column.Type;

    public bool IsNumber => Type is ExpressionType.Integer or ExpressionType.Double;

    public NumberColumn<double> Doubles => (NumberColumn<double>)Column;

    public NumberColumn<long> Integers => (NumberColumn<long>)Column;

    public TextColumn Texts => (TextColumn)Column;

    public BooleanColumn Truths => (BooleanColumn)Column;
}
