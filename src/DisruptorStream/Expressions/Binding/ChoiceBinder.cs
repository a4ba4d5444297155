using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Kernels.Logic;
using DisruptorStream.Expressions.Syntax;

namespace DisruptorStream.Expressions.Binding;

/// <summary>Binds what takes one of several values: case, coalesce, nullif, least and greatest.</summary>
internal sealed class ChoiceBinder
{
    private readonly ColumnEmitter _emitter;
    private readonly TypeRules _types;
    private readonly ComparisonBinder _comparisons;

    public ChoiceBinder(ColumnEmitter emitter, TypeRules types, ComparisonBinder comparisons)
    {
        _emitter = emitter;
        _types = types;
        _comparisons = comparisons;
    }

    /// <param name="conditions">The conditions of the branches.</param>
    /// <param name="values">Their values, and the one that is taken where none holds, if there is one.</param>
    /// <param name="who">Who asks, for messages.</param>
    public Column Choose(BooleanColumn[] conditions, Operand[] values, string who)
    {
        var columns = Array.ConvertAll(_types.Unify(values, who), operand => operand.Column);
        var otherwise = columns.Length > conditions.Length ? columns[^1] : null;
        var kernel = new Choice(
            conditions, columns[..conditions.Length], otherwise, _emitter.Create(columns[0].Type));
        return _emitter.Emit(kernel, [.. conditions, .. columns]);
    }

    /// <summary>The first that is not null.</summary>
    public Column Coalesce(Operand[] operands, string who)
    {
        var conditions = new BooleanColumn[operands.Length - 1];
        for (var index = 0; index < conditions.Length; index++)
            conditions[index] = IsNull(operands[index], isNegated: true);
        if (conditions.Length == 0)
            return operands[0].Column;
        var column = Choose(conditions, operands, who);
        var canBeNull = true;
        foreach (var operand in operands)
            canBeNull &= operand.Column.CanBeNull;
        column.CanBeNull = canBeNull;
        return column;
    }

    /// <summary>Null where both are equal, else the first.</summary>
    public Column NullIf(Operand first, Operand second, string who)
    {
        var isEqual = _comparisons.Bind(BinaryOperator.Equal, first, second, who);
        var nothing = new Operand(_emitter.NullOf(first.Type), first.Node);
        return Choose([isEqual], [nothing, first], who);
    }

    /// <summary>The smallest or largest of those that are not null.</summary>
    public Column Extreme(Operand[] operands, bool isLargest, string who)
    {
        var unified = _types.Unify(operands, who);
        var best = unified[0];
        foreach (var next in unified.AsSpan(1))
        {
            var isBetter = _comparisons.Bind(
                isLargest ? BinaryOperator.GreaterOrEqual : BinaryOperator.LessOrEqual, best, next, who);
            BooleanColumn[] either = [isBetter, IsNull(next, isNegated: false)];
            var stays = (BooleanColumn)_emitter.Emit(new Connective(isAnd: false, either), either);
            best = best with { Column = Choose([stays], [best, next], who) };
        }

        return best.Column;
    }

    public BooleanColumn IsNull(Operand operand, bool isNegated) =>
        (BooleanColumn)_emitter.Emit(new NullTest(operand.Column, isNegated), operand.Column);
}
