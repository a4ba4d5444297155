using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Kernels;
using DisruptorStream.Expressions.Kernels.Logic;
using DisruptorStream.Expressions.Kernels.Operators;
using DisruptorStream.Expressions.Syntax;

namespace DisruptorStream.Expressions.Binding;

/// <summary>Binds comparisons of two operands of any type.</summary>
internal sealed class ComparisonBinder
{
    private readonly ColumnEmitter _emitter;
    private readonly TypeRules _types;

    public ComparisonBinder(ColumnEmitter emitter, TypeRules types)
    {
        _emitter = emitter;
        _types = types;
    }

    /// <param name="comparison">One of the six comparisons.</param>
    /// <param name="left">The first operand.</param>
    /// <param name="right">The second.</param>
    /// <param name="who">Who compares, for messages.</param>
    public BooleanColumn Bind(BinaryOperator comparison, Operand left, Operand right, string who)
    {
        var unified = _types.Unify([left, right], who);
        if (unified[0].Type == ExpressionType.Untyped)
        {
            throw left.Node.Span.To(right.Node.Span).Error(
                $"{who} compares two columns of the input, which says nothing of their types; write cast(... as "
                + "double) around one to compare numbers, or cast(... as text) to compare texts. If one is a text "
                + "and no column, put it in single quotes.");
        }

        // Of a greater than b, b is less than a.
        var isSwapped = comparison is BinaryOperator.Greater or BinaryOperator.GreaterOrEqual;
        var (first, second) = isSwapped ? (unified[1], unified[0]) : (unified[0], unified[1]);
        var isNegated = comparison == BinaryOperator.NotEqual;
        var kernel = comparison switch
        {
            BinaryOperator.Equal or BinaryOperator.NotEqual => Of<Comparisons.Equal>(first, second, isNegated),
            BinaryOperator.Less or BinaryOperator.Greater => Of<Comparisons.Less>(first, second, isNegated),
            BinaryOperator.LessOrEqual or BinaryOperator.GreaterOrEqual =>
                Of<Comparisons.LessOrEqual>(first, second, isNegated),
            _ => throw new InvalidOperationException($"{comparison} is no comparison."),
        };
        return (BooleanColumn)(kernel is null
            ? _emitter.NullOf(ExpressionType.Boolean)
            : _emitter.Emit(kernel, first.Column, second.Column));
    }

    private static Kernel? Of<TComparison>(Operand left, Operand right, bool isNegated)
        where TComparison : struct, IComparison => left.Type switch
        {
            ExpressionType.Integer =>
                new NumberComparison<long, TComparison>(left.Integers, right.Integers, isNegated),
            ExpressionType.Double =>
                new NumberComparison<double, TComparison>(left.Doubles, right.Doubles, isNegated),
            ExpressionType.Text => new TextComparison<TComparison>(left.Texts, right.Texts, isNegated),
            ExpressionType.Boolean => new BooleanComparison<TComparison>(left.Truths, right.Truths, isNegated),
            _ => null,
        };
}
