using System.Text;
using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Kernels.Logic;
using DisruptorStream.Expressions.Kernels.Operators;
using DisruptorStream.Expressions.Kernels.Texts;
using DisruptorStream.Expressions.Syntax;
using DisruptorStream.Expressions.Syntax.Nodes;

namespace DisruptorStream.Expressions.Binding;

/// <summary>Checks the names and types of an expression, and makes the steps that find its values.</summary>
internal sealed class ExpressionBinder : INodeVisitor<Column>
{
    private readonly IColumnScope _scope;
    private readonly ColumnEmitter _emitter;
    private readonly TypeRules _types;
    private readonly ComparisonBinder _comparisons;
    private readonly ArithmeticBinder _arithmetic;
    private readonly ChoiceBinder _choices;

    private ExpressionBinder(IColumnScope scope)
    {
        _scope = scope;
        _emitter = new ColumnEmitter(scope.Capacity);
        _types = new TypeRules(_emitter);
        _comparisons = new ComparisonBinder(_emitter, _types);
        _arithmetic = new ArithmeticBinder(_emitter, _types);
        _choices = new ChoiceBinder(_emitter, _types, _comparisons);
    }

    /// <exception cref="ExpressionException">A name or a type is wrong; the message says what to do.</exception>
    public static BoundExpression Bind(ExpressionNode node, IColumnScope scope)
    {
        var binder = new ExpressionBinder(scope);
        return binder._emitter.Finish(node.Accept(binder));
    }

    /// <summary>Binds what must be true or false, or null.</summary>
    /// <inheritdoc cref="Bind"/>
    public static BoundExpression BindCondition(ExpressionNode node, IColumnScope scope, string who)
    {
        var binder = new ExpressionBinder(scope);
        return binder._emitter.Finish(binder._types.Truth(binder.Of(node), who).Column);
    }

    /// <summary>
    /// Binds what must be a number: an integer where it is one and never null, else a double.
    /// </summary>
    /// <inheritdoc cref="Bind"/>
    public static BoundExpression BindNumber(ExpressionNode node, IColumnScope scope, string who)
    {
        var binder = new ExpressionBinder(scope);
        var number = binder._types.Number(binder.Of(node), who);
        return binder._emitter.Finish((number.Column.CanBeNull
            ? binder._emitter.Convert(number, ExpressionType.Double)
            : number).Column);
    }

    public Column Visit(LiteralNode node) => _emitter.Constant(node.Value);

    public Column Visit(NameNode node) =>
        _scope.Find(node.Name) ?? throw node.Span.Error(_scope.Describe(node.Name));

    public Column Visit(NegateNode node) =>
        _arithmetic.Map<IntegerFunctions.Negate, DoubleFunctions.Negate>(Of(node.Operand), "'-'");

    public Column Visit(NotNode node) => Not(_types.Truth(Of(node.Operand), "'not'").Truths);

    public Column Visit(BinaryNode node)
    {
        var (left, right) = (Of(node.Left), Of(node.Right));
        if (Operators.LevelOf(node.Operator) == Operators.Comparison)
            return _comparisons.Bind(node.Operator, left, right, $"'{Operators.SymbolOf(node.Operator)}'");
        if (node.Operator != BinaryOperator.Join)
            return _arithmetic.Bind(node.Operator, left, right);
        TextColumn[] texts =
        [
            _emitter.Convert(left, ExpressionType.Text).Texts,
            _emitter.Convert(right, ExpressionType.Text).Texts,
        ];
        return _emitter.Emit(new Joining(texts, skipsNull: false), texts);
    }

    public Column Visit(LogicalNode node)
    {
        var operands = new BooleanColumn[node.Operands.Count];
        for (var index = 0; index < operands.Length; index++)
            operands[index] = _types.Truth(Of(node.Operands[index]), node.IsAnd ? "'and'" : "'or'").Truths;
        return Connect(node.IsAnd, operands);
    }

    public Column Visit(IsNode node)
    {
        var operand = Of(node.Operand);
        if (node.Truth is not { } truth)
            return _choices.IsNull(operand, node.IsNegated);
        operand = _types.Truth(operand, truth ? "'is true'" : "'is false'");
        return _emitter.Emit(new TruthTest(operand.Truths, truth, node.IsNegated), operand.Column);
    }

    public Column Visit(InNode node)
    {
        var operand = Of(node.Operand);
        var isEqual = new BooleanColumn[node.Items.Count];
        for (var index = 0; index < isEqual.Length; index++)
            isEqual[index] = _comparisons.Bind(BinaryOperator.Equal, operand, Of(node.Items[index]), "'in'");
        var isAny = Connect(isAnd: false, isEqual);
        return node.IsNegated ? Not(isAny) : isAny;
    }

    public Column Visit(BetweenNode node)
    {
        var (operand, low, high) = (Of(node.Operand), Of(node.Low), Of(node.High));
        var isBetween = Connect(
            isAnd: true,
            [
                _comparisons.Bind(BinaryOperator.GreaterOrEqual, operand, low, "'between'"),
                _comparisons.Bind(BinaryOperator.LessOrEqual, operand, high, "'between'"),
            ]);
        return node.IsNegated ? Not(isBetween) : isBetween;
    }

    public Column Visit(LikeNode node)
    {
        var operand = _types.Text(Of(node.Operand), "'like'");
        if (node.Pattern is not LiteralNode { Value: string text })
            throw node.Pattern.Span.Error("The pattern of 'like' is a text in single quotes, such as 'gpt-%'.");
        var escape = EscapeOf(node);
        return LikePattern.TryCompile(text, escape, out var pattern)
            ? _emitter.Emit(new LikeMatch(operand.Texts, pattern!, node.IsNegated), operand.Column)
            : throw node.Pattern.Span.Error(
                $"The pattern ends with its escape character '{escape}'; write it twice to mean itself.");
    }

    public Column Visit(CaseNode node)
    {
        var compared = node.Operand is null ? default(Operand?) : Of(node.Operand);
        var conditions = new BooleanColumn[node.Branches.Count];
        var values = new List<Operand>();
        for (var index = 0; index < conditions.Length; index++)
        {
            var branch = node.Branches[index];
            conditions[index] = compared is { } operand
                ? _comparisons.Bind(BinaryOperator.Equal, operand, Of(branch.When), "'case'")
                : _types.Truth(Of(branch.When), "'when'").Truths;
            values.Add(Of(branch.Then));
        }

        if (node.Otherwise is not null)
            values.Add(Of(node.Otherwise));
        return _choices.Choose(conditions, [.. values], "'case'");
    }

    public Column Visit(CallNode node)
    {
        FunctionMenu.Check(node);
        var arguments = new Operand[node.Arguments.Count];
        for (var index = 0; index < arguments.Length; index++)
            arguments[index] = Of(node.Arguments[index]);
        return FunctionMenu.Bind(new FunctionCall
        {
            Node = node,
            Arguments = arguments,
            Emitter = _emitter,
            Types = _types,
            Arithmetic = _arithmetic,
            Choices = _choices,
        });
    }

    public Column Visit(CastNode node)
    {
        var operand = Of(node.Operand);
        var type = CastTypes.Find(node);
        if (operand.Type == ExpressionType.Double && type == ExpressionType.Boolean)
            throw node.Span.Error("A number with a fraction is no condition; compare it, as in ... <> 0.");
        if (operand.Type == ExpressionType.Boolean && type == ExpressionType.Double)
            operand = _emitter.Convert(operand, ExpressionType.Integer);
        return _emitter.Convert(operand, type, isAsked: true).Column;
    }

    private static Rune? EscapeOf(LikeNode node)
    {
        if (node.Escape is null)
            return null;
        if (node.Escape is LiteralNode { Value: string text }
            && Rune.DecodeFromUtf16(text, out var rune, out var taken) == System.Buffers.OperationStatus.Done
            && taken == text.Length)
        {
            return rune;
        }

        throw node.Escape.Span.Error("The escape of 'like' is one character in single quotes, such as '\\'.");
    }

    private Operand Of(ExpressionNode node) => new(node.Accept(this), node);

    private BooleanColumn Connect(bool isAnd, BooleanColumn[] operands) =>
        (BooleanColumn)_emitter.Emit(new Connective(isAnd, operands), operands);

    private BooleanColumn Not(BooleanColumn operand) =>
        (BooleanColumn)_emitter.Emit(new Negation(operand), operand);
}
