using System.Text;
using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Kernels;
using DisruptorStream.Expressions.Kernels.Conversions;
using DisruptorStream.Expressions.Syntax;

namespace DisruptorStream.Expressions.Binding;

/// <summary>Collects the steps of an expression. What depends on constants alone runs at once.</summary>
internal sealed class ColumnEmitter
{
    private readonly List<Kernel> _steps = [];
    private readonly List<UnreadCells> _unread = [];
    private readonly Dictionary<(Column, ExpressionType), Column> _converted = [];
    private readonly int _capacity;

    public ColumnEmitter(int capacity) => _capacity = capacity;

    /// <summary>The expression of all steps so far.</summary>
    public BoundExpression Finish(Column result) => new(result, [.. _steps], _unread);

    /// <summary>Adds a step. Returns its column.</summary>
    /// <param name="kernel">The step.</param>
    /// <param name="operands">What it reads.</param>
    public Column Emit(Kernel kernel, params ReadOnlySpan<Column> operands)
    {
        var (areConstant, canBeNull) = (true, false);
        foreach (var operand in operands)
        {
            areConstant &= operand.IsConstant;
            canBeNull |= operand.CanBeNull;
        }

        kernel.Output.CanBeNull = kernel.CanBeNull(canBeNull);
        kernel.Output.IsConstant = areConstant;
        if (areConstant)
            kernel.Run(_capacity);
        else
            _steps.Add(kernel);
        return kernel.Output;
    }

    /// <summary>A column of a type, whose values are not there yet.</summary>
    public Column Create(ExpressionType type) => type switch
    {
        ExpressionType.Integer => new NumberColumn<long>(_capacity),
        ExpressionType.Double => new NumberColumn<double>(_capacity),
        ExpressionType.Boolean => new BooleanColumn(_capacity),
        _ => new TextColumn(type, _capacity),
    };

    /// <summary>A column of one value.</summary>
    public Column Constant(object? value)
    {
        switch (value)
        {
            case long integer:
                var integers = new NumberColumn<long>(_capacity) { IsConstant = true, CanBeNull = false };
                integers.Values.AsSpan().Fill(integer);
                return integers;
            case double number:
                var doubles = new NumberColumn<double>(_capacity) { IsConstant = true, CanBeNull = false };
                doubles.Values.AsSpan().Fill(number);
                return doubles;
            case bool truth:
                var truths = new BooleanColumn(_capacity) { IsConstant = true, CanBeNull = false };
                truths.Trues.AsSpan().Fill(truth ? ulong.MaxValue : 0);
                return truths;
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                var texts = new TextColumn(ExpressionType.Text, _capacity)
                {
                    IsConstant = true,
                    CanBeNull = false,
                };
                texts.Cells.AsSpan().Fill(new TextCell(bytes, 0, bytes.Length));
                return texts;
            default:
                return NullOf(ExpressionType.Null);
        }
    }

    /// <summary>A column of a type with nothing but null.</summary>
    public Column NullOf(ExpressionType type)
    {
        var column = Create(type);
        column.Nulls.AsSpan().Fill(ulong.MaxValue);
        column.IsConstant = true;
        return column;
    }

    /// <summary>The operand read as another type, which must be one that it can be read as.</summary>
    /// <param name="operand">The operand.</param>
    /// <param name="type">The type.</param>
    /// <param name="isAsked">Whether the user asked for it, so that what cannot be read is simply null.</param>
    public Operand Convert(Operand operand, ExpressionType type, bool isAsked = false)
    {
        if (operand.Type == type)
            return operand;
        var key = (operand.Column, type);
        if (!isAsked && _converted.TryGetValue(key, out var known))
            return operand with { Column = known };
        var column = operand.Type == ExpressionType.Null
            ? NullOf(type)
            : Emit(ConverterOf(operand, type, isAsked), operand.Column);
        if (!isAsked)
            _converted[key] = column;
        return operand with { Column = column };
    }

    private Kernel ConverterOf(Operand operand, ExpressionType type, bool isAsked) => (operand.Column, type) switch
    {
        (NumberColumn<long> integers, ExpressionType.Double) => new IntegerToDouble(integers),
        (NumberColumn<long> integers, ExpressionType.Boolean) => new IntegerToBoolean(integers),
        (NumberColumn<double> doubles, ExpressionType.Integer) => new DoubleToInteger(doubles),
        (BooleanColumn truths, ExpressionType.Integer) => new BooleanToInteger(truths),
        (TextColumn texts, ExpressionType.Double) => new TextToDouble(texts, Unread(operand, "a number", isAsked)),
        (TextColumn texts, ExpressionType.Integer) => new TextToInteger(texts),
        (TextColumn texts, ExpressionType.Boolean) =>
            new TextToBoolean(texts, Unread(operand, "true or false", isAsked)),
        (TextColumn texts, ExpressionType.Text) => new Retyped(texts, type),
        (_, ExpressionType.Text) => new ToText(operand.Column),
        _ => throw new InvalidOperationException($"{operand.Type} is not read as {type}."),
    };

    private UnreadCells? Unread(Operand operand, string needed, bool isAsked)
    {
        if (isAsked)
            return null;
        var unread = new UnreadCells(ExpressionPrinter.Print(operand.Node), needed);
        _unread.Add(unread);
        return unread;
    }
}
