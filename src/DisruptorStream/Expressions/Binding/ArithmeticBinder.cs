using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Kernels;
using DisruptorStream.Expressions.Kernels.Numbers;
using DisruptorStream.Expressions.Kernels.Operators;
using DisruptorStream.Expressions.Syntax;

namespace DisruptorStream.Expressions.Binding;

/// <summary>Binds arithmetic: integers where both operands are, but for a division; else doubles.</summary>
internal sealed class ArithmeticBinder
{
    private readonly ColumnEmitter _emitter;
    private readonly TypeRules _types;

    public ArithmeticBinder(ColumnEmitter emitter, TypeRules types)
    {
        _emitter = emitter;
        _types = types;
    }

    public Column Bind(BinaryOperator operation, Operand left, Operand right)
    {
        var who = $"'{Operators.SymbolOf(operation)}'";
        (left, right) = (_types.Number(left, who), _types.Number(right, who));
        var areIntegers = left.Type == ExpressionType.Integer && right.Type == ExpressionType.Integer;
        if (!areIntegers || operation == BinaryOperator.Divide)
        {
            left = _emitter.Convert(left, ExpressionType.Double);
            right = _emitter.Convert(right, ExpressionType.Double);
            areIntegers = false;
        }

        Kernel kernel = operation switch
        {
            BinaryOperator.Add when areIntegers => Integers<IntegerOperations.Add>(left, right),
            BinaryOperator.Subtract when areIntegers => Integers<IntegerOperations.Subtract>(left, right),
            BinaryOperator.Multiply when areIntegers => IntegerPairs<IntegerFunctions.Multiply>(left, right),
            BinaryOperator.Remainder when areIntegers => IntegerPairs<IntegerFunctions.Remainder>(left, right),
            BinaryOperator.Add => Doubles<DoubleOperations.Add>(left, right),
            BinaryOperator.Subtract => Doubles<DoubleOperations.Subtract>(left, right),
            BinaryOperator.Multiply => Doubles<DoubleOperations.Multiply>(left, right),
            BinaryOperator.Divide => Doubles<DoubleOperations.Divide>(left, right),
            BinaryOperator.Remainder => DoublePairs<DoubleFunctions.Remainder>(left, right),
            _ => throw new InvalidOperationException($"{operation} is no arithmetic."),
        };
        return _emitter.Emit(kernel, left.Column, right.Column);
    }

    /// <summary>A function of one number, which gives a number of the same type.</summary>
    public Column Map<TInteger, TDouble>(Operand operand, string who)
        where TInteger : struct, IIntegerFunction
        where TDouble : struct, IDoubleFunction
    {
        operand = _types.Number(operand, who);
        return operand.Type == ExpressionType.Integer
            ? _emitter.Emit(IntegerPairs<TInteger>(operand, operand), operand.Column)
            : _emitter.Emit(new DoubleMap<TDouble>(operand.Doubles), operand.Column);
    }

    /// <summary>A function of two numbers: an integer of two integers, else a double.</summary>
    public Column Map2<TInteger, TDouble>(Operand first, Operand second, string who)
        where TInteger : struct, IIntegerFunction
        where TDouble : struct, IDoubleFunction2
    {
        (first, second) = (_types.Number(first, who), _types.Number(second, who));
        return first.Type == ExpressionType.Integer && second.Type == ExpressionType.Integer
            ? _emitter.Emit(IntegerPairs<TInteger>(first, second), first.Column, second.Column)
            : MapDoubles2<TDouble>(first, second, who);
    }

    /// <summary>A function that gives integers as they are, and maps doubles.</summary>
    public Column MapFractions<TDouble>(Operand operand, string who)
        where TDouble : struct, IDoubleFunction
    {
        operand = _types.Number(operand, who);
        return operand.Type == ExpressionType.Integer ? operand.Column : MapDoubles<TDouble>(operand, who);
    }

    public Column MapDoubles<TDouble>(Operand operand, string who)
        where TDouble : struct, IDoubleFunction
    {
        operand = _types.Double(operand, who);
        return _emitter.Emit(new DoubleMap<TDouble>(operand.Doubles), operand.Column);
    }

    public Column MapDoubles2<TDouble>(Operand first, Operand second, string who)
        where TDouble : struct, IDoubleFunction2
    {
        (first, second) = (_types.Double(first, who), _types.Double(second, who));
        return _emitter.Emit(DoublePairs<TDouble>(first, second), first.Column, second.Column);
    }

    private static IntegerArithmetic<TOperation> Integers<TOperation>(Operand left, Operand right)
        where TOperation : struct, IIntegerOperation => new(left.Integers, right.Integers);

    private static IntegerMap<TFunction> IntegerPairs<TFunction>(Operand left, Operand right)
        where TFunction : struct, IIntegerFunction => new(left.Integers, right.Integers);

    private static DoubleArithmetic<TOperation> Doubles<TOperation>(Operand left, Operand right)
        where TOperation : struct, IDoubleOperation => new(left.Doubles, right.Doubles);

    private static DoublePairMap<TFunction> DoublePairs<TFunction>(Operand left, Operand right)
        where TFunction : struct, IDoubleFunction2 => new(left.Doubles, right.Doubles);
}
