using DisruptorStream.Cli.Input.Records;
using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Expressions;
using DisruptorStream.Expressions.Binding;
using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Kernels.Conversions;

namespace DisruptorStream.Cli.Input.Derived;

/// <summary>Finds the columns of a row that are computed, and which conditions are true of it.</summary>
/// <remarks>A row is a batch of one, since rows are merged by time, one by one, with those of others.</remarks>
internal sealed class RowProgram : IColumnScope
{
    private readonly List<(string Name, TextColumn Column)> _inputs = [];
    private readonly List<(string Name, BoundExpression Expression, ToText? Text)> _columns = [];
    private readonly BoundExpression[] _conditions;

    /// <exception cref="ExpressionException">An expression does not fit together.</exception>
    public RowProgram(RowExpressions expressions)
    {
        foreach (var (name, node) in expressions.Columns)
        {
            var expression = ExpressionBinder.Bind(node, this);
            _columns.Add((name, expression, expression.Result is TextColumn ? null : new ToText(expression.Result)));
        }

        _conditions =
        [
            .. expressions.Conditions.Select(
                condition => ExpressionBinder.BindCondition(condition.Node, this, condition.Source)),
        ];
    }

    public int Capacity => 1;

    /// <summary>The columns of the input that are read.</summary>
    public IEnumerable<string> Inputs => _inputs.Select(input => input.Name);

    /// <summary>What the newest column is.</summary>
    public ExpressionType LastType => _columns[^1].Expression.Type;

    /// <summary>The cells that were not what their use needs, by column and use.</summary>
    public IEnumerable<UnreadCells> Unread
    {
        get
        {
            var all = _columns.Select(column => column.Expression).Concat(_conditions);
            return all.SelectMany(expression => expression.Unread).Where(cells => cells.Count > 0);
        }
    }

    // A name of a column is that of a computed one, else that of one of the input; whether the input has it, its header
    // says.
    Column IColumnScope.Find(string name)
    {
        foreach (var (known, expression, _) in _columns)
        {
            if (known == name)
                return expression.Result;
        }

        foreach (var (known, column) in _inputs)
        {
            if (known == name)
                return column;
        }

        var input = new TextColumn(ExpressionType.Untyped, Capacity);
        _inputs.Add((name, input));
        return input;
    }

    string IColumnScope.Describe(string name) => $"There is no column '{name}'.";

    /// <summary>Computes a row. Returns a bit for each condition that is true of it.</summary>
    /// <param name="fields">The fields of the row; the columns that are computed are put there.</param>
    /// <param name="layout">Where they are.</param>
    public ulong Run(FieldTable fields, EventLayout layout)
    {
        for (var index = 0; index < _inputs.Count; index++)
        {
            var column = _inputs[index].Column;
            var cell = fields.CellOf(layout.FieldsOfInputs[index]);
            column.Set(0, cell);
            column.SetNull(0, cell.Length == 0);
        }

        for (var index = 0; index < _columns.Count; index++)
        {
            var (_, expression, text) = _columns[index];
            expression.Run(1);
            text?.Run(1);
            foreach (var field in layout.FieldsOfColumns[index])
                Put(expression, (TextColumn)(text?.Output ?? expression.Result), fields, field);
        }

        var passed = 0UL;
        for (var index = 0; index < _conditions.Length; index++)
        {
            _conditions[index].Run(1);
            if (((BooleanColumn)_conditions[index].Result).IsTrue(0))
                passed |= 1UL << index;
        }

        return passed;
    }

    private static void Put(BoundExpression expression, TextColumn texts, FieldTable fields, int field)
    {
        if (texts.IsNull(0))
            return;
        var text = texts[0];
        var isText = expression.Type == ExpressionType.Text
            || (expression.Type == ExpressionType.Untyped && !JsonToken.IsToken(text));
        text.CopyTo(fields.Reserve(field, text.Length, isText));
    }
}
