using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Syntax.Nodes;

namespace DisruptorStream.Expressions.Binding;

/// <summary>A call of a function whose arguments are bound, and what helps to bind it.</summary>
internal sealed class FunctionCall
{
    public required CallNode Node { get; init; }

    public required Operand[] Arguments { get; init; }

    public required ColumnEmitter Emitter { get; init; }

    public required TypeRules Types { get; init; }

    public required ArithmeticBinder Arithmetic { get; init; }

    public required ChoiceBinder Choices { get; init; }

    /// <summary>The function, for messages.</summary>
    public string Who => $"'{Node.Function.ToLowerInvariant()}'";

    public Operand this[int argument] => Arguments[argument];

    public int Count => Arguments.Length;

    public TextColumn Text(int argument) => Types.Text(Arguments[argument], Who).Texts;

    /// <summary>An argument of any type, as a text.</summary>
    public TextColumn AnyAsText(int argument) => Emitter.Convert(Arguments[argument], ExpressionType.Text).Texts;

    public NumberColumn<long> Integer(int argument) => Types.Integer(Arguments[argument], Who).Integers;
}
