using CsCheck;
using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Syntax;
using DisruptorStream.Expressions.Syntax.Nodes;

namespace DisruptorStream.Tests.Expressions.Model;

/// <summary>Expressions that bind, and rows for them.</summary>
internal static class RandomExpressions
{
    public static readonly IReadOnlyDictionary<string, ExpressionType> Types =
        new Dictionary<string, ExpressionType>(StringComparer.Ordinal)
        {
            ["i"] = ExpressionType.Integer,
            ["j"] = ExpressionType.Integer,
            ["x"] = ExpressionType.Double,
            ["y y"] = ExpressionType.Double,
            ["s"] = ExpressionType.Text,
            ["case"] = ExpressionType.Text,
            ["b"] = ExpressionType.Boolean,
            ["c"] = ExpressionType.Untyped,
        };

    private const int Deepest = 4;

    private static readonly Dictionary<(ExpressionType, int), Gen<ExpressionNode>> Made = [];

    private static readonly Gen<long> Integer = Gen.OneOf(
        Gen.Long[-3, 3], Gen.Long, Pick(long.MinValue, long.MaxValue, int.MaxValue + 1L));

    private static readonly Gen<double> Double = Gen.OneOf(
        Gen.Int[-4, 4].Select(one => one / 2.0 + 0.0),
        Gen.Double[-1e6, 1e6],
        Pick(double.MaxValue, -double.MaxValue, 1e300, 5e-324, 1e15 + 0.5));

    private static readonly Gen<string> Text = Gen.OneOf(
        Pick("", "a", "ab", "b", "A", "ä", "Ä_%", "'", "\"", "\ud83d\ude00", "a\ud83d\ude00b", " x\t"),
        Gen.String["abAB%_ "]);

    private static readonly Gen<string> Cell = Gen.OneOf(
        Pick("1", "2.5", " -3 ", "x", "1e400", "NaN", "9007199254740993", "12abc", "-", "."),
        Gen.Double[-100, 100].Select(one => one.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));

    public static Gen<ExpressionNode> Any { get; } = Gen.OneOf(
        Of(ExpressionType.Integer, Deepest),
        Of(ExpressionType.Double, Deepest),
        Of(ExpressionType.Text, Deepest),
        Of(ExpressionType.Boolean, Deepest));

    public static Gen<ModelTable> Rows { get; } = Row().List[0, 150].Select(rows => new ModelTable(Types, rows));

    public static Gen<T> Pick<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static Gen<Dictionary<string, object?>> Row()
    {
        static Gen<object?> Nullable<T>(Gen<T> gen) =>
            Gen.Frequency((1, Gen.Const(default(object?))), (4, gen.Select(one => (object?)one)));

        return Gen.Select(
            Nullable(Integer).Array[2],
            Nullable(Double).Array[2],
            Nullable(Text).Array[2],
            Nullable(Gen.Bool),
            Nullable(Cell)).Select((integers, doubles, texts, truth, cell) => new Dictionary<string, object?>
            {
                ["i"] = integers[0],
                ["j"] = integers[1],
                ["x"] = doubles[0],
                ["y y"] = doubles[1],
                ["s"] = texts[0],
                ["case"] = texts[1],
                ["b"] = truth,
                ["c"] = cell,
            });
    }

    private static Gen<ExpressionNode> Of(ExpressionType type, int depth)
    {
        if (Made.TryGetValue((type, depth), out var made))
            return made;
        var leaf = LeafOf(type);
        return Made[(type, depth)] = depth == 0 ? leaf : Gen.Frequency((1, leaf), (4, BranchOf(type, depth - 1)));
    }

    private static Gen<ExpressionNode> LeafOf(ExpressionType type)
    {
        var names = Types.Where(one => one.Value == type).Select(one => one.Key).ToArray();
        var literal = type switch
        {
            ExpressionType.Integer => Integer.Select(one => (object?)one),
            ExpressionType.Double => Double.Select(one => (object?)one),
            ExpressionType.Text => Text.Select(one => (object?)one),
            _ => Gen.Bool.Select(one => (object?)one),
        };
        return Gen.OneOf(
            Pick(names).Select(name => (ExpressionNode)new NameNode(name, default)),
            literal.Select(value => (ExpressionNode)new LiteralNode(value, default)));
    }

    private static Gen<ExpressionNode> BranchOf(ExpressionType type, int depth)
    {
        var own = Of(type, depth);
        var truth = Of(ExpressionType.Boolean, depth);
        var shared = new[]
        {
            Call("coalesce", own, own),
            Call("nullif", own, own),
            Call("least", own, own, own),
            Call("greatest", own, own),
            Gen.Select(truth, own, truth, own, own, Gen.Bool).Select((when, then, when2, then2, otherwise, has) =>
                (ExpressionNode)new CaseNode(
                    null,
                    [new CaseBranch(when, then), new CaseBranch(when2, then2)],
                    has ? otherwise : null,
                    default)),
            Gen.Select(own, own, own, own).Select((operand, when, then, otherwise) =>
                (ExpressionNode)new CaseNode(operand, [new CaseBranch(when, then)], otherwise, default)),
        };
        return Gen.OneOf([.. shared, .. OwnOf(type, depth)]);
    }

    private static Gen<ExpressionNode>[] OwnOf(ExpressionType type, int depth)
    {
        var (integer, number) = (Of(ExpressionType.Integer, depth), Of(ExpressionType.Double, depth));
        var text = Of(ExpressionType.Text, depth);
        return type switch
        {
            ExpressionType.Integer =>
            [
                Binary(integer, integer, BinaryOperator.Add, BinaryOperator.Subtract, BinaryOperator.Multiply,
                    BinaryOperator.Remainder),
                integer.Select(one => (ExpressionNode)new NegateNode(one, default)),
                Call("abs", integer), Call("sign", integer), Call("round", integer), Call("div", integer, integer),
                Call("length", text), Cast(number, "bigint"), Cast(Of(ExpressionType.Boolean, depth), "bigint"),
                Cast(text, "bigint"),
            ],
            ExpressionType.Double =>
            [
                Binary(number, Gen.OneOf(number, integer), BinaryOperator.Add, BinaryOperator.Subtract,
                    BinaryOperator.Multiply, BinaryOperator.Divide, BinaryOperator.Remainder),
                Binary(integer, integer, BinaryOperator.Divide),
                number.Select(one => (ExpressionNode)new NegateNode(one, default)),
                Call("abs", number), Call("sign", number), Call("round", number), Call("floor", number),
                Call("ceil", number), Call("trunc", number), Call("sqrt", number), Call("ln", integer),
                Call("exp", number), Call("power", number, integer), Cast(integer, "double"), Cast(text, "double"),
                Cast(Gen.Const((ExpressionNode)new NameNode("c", default)), "double"),
            ],
            ExpressionType.Text =>
            [
                Binary(text, Gen.OneOf(text, integer, number), BinaryOperator.Join), Call("lower", text),
                Call("upper", text), Call("trim", text), Call("concat", text, number, integer),
                Call("substring", text, integer), Call("substring", text, integer, integer), Cast(number, "text"),
            ],
            _ => TruthsOf(depth),
        };
    }

    private static Gen<ExpressionNode>[] TruthsOf(int depth)
    {
        BinaryOperator[] comparisons =
        [
            BinaryOperator.Equal, BinaryOperator.NotEqual, BinaryOperator.Less, BinaryOperator.LessOrEqual,
            BinaryOperator.Greater, BinaryOperator.GreaterOrEqual,
        ];
        var (integer, number) = (Of(ExpressionType.Integer, depth), Of(ExpressionType.Double, depth));
        var (text, truth) = (Of(ExpressionType.Text, depth), Of(ExpressionType.Boolean, depth));
        var nothing = Gen.Const((ExpressionNode)new LiteralNode(null, default));
        var pattern = Gen.String["ab%_"].Select(one => (ExpressionNode)new LiteralNode(one, default));
        return
        [
            Binary(integer, integer, comparisons), Binary(number, integer, comparisons),
            Binary(text, text, comparisons), Binary(truth, truth, comparisons),
            truth.Select(one => (ExpressionNode)new NotNode(one, default)),
            Gen.Select(Gen.Bool, truth.List[2, 4]).Select((isAnd, operands) =>
                (ExpressionNode)new LogicalNode(isAnd, operands, default)),
            Gen.Select(Gen.OneOf(integer, number, text, truth), Gen.Bool).Select((one, isNegated) =>
                (ExpressionNode)new IsNode(one, null, isNegated, default)),
            Gen.Select(truth, Gen.Bool, Gen.Bool).Select((one, isTrue, isNegated) =>
                (ExpressionNode)new IsNode(one, isTrue, isNegated, default)),
            Gen.Select(integer, Gen.OneOf(integer, nothing).List[1, 3], Gen.Bool).Select((one, items, isNegated) =>
                (ExpressionNode)new InNode(one, items, isNegated, default)),
            Gen.Select(number, number, integer, Gen.Bool).Select((one, low, high, isNegated) =>
                (ExpressionNode)new BetweenNode(one, low, high, isNegated, default)),
            Gen.Select(text, pattern, Gen.Bool, Gen.Bool).Select((one, fits, isNegated, isEscaped) =>
                (ExpressionNode)new LikeNode(
                    one, fits, isEscaped ? new LiteralNode("\ud83d\ude00", default) : null, isNegated, default)),
            Call("starts_with", text, text),
        ];
    }

    private static Gen<ExpressionNode> Binary(
        Gen<ExpressionNode> left, Gen<ExpressionNode> right, params BinaryOperator[] operators) =>
        Gen.Select(Pick(operators), left, right).Select((one, first, second) =>
            (ExpressionNode)new BinaryNode(one, first, second, default));

    private static Gen<ExpressionNode> Cast(Gen<ExpressionNode> operand, string type) =>
        operand.Select(one => (ExpressionNode)new CastNode(one, type, default, default));

    private static Gen<ExpressionNode> Call(string name, params Gen<ExpressionNode>[] arguments) => arguments switch
    {
        [var one] => one.Select(first => (ExpressionNode)CallOf(name, first)),
        [var one, var two] => Gen.Select(one, two).Select(
            (first, second) => (ExpressionNode)CallOf(name, first, second)),
        [var one, var two, var three] => Gen.Select(one, two, three).Select(
            (first, second, third) => (ExpressionNode)CallOf(name, first, second, third)),
        _ => throw new ArgumentException("One to three arguments.", nameof(arguments)),
    };

    private static CallNode CallOf(string name, params ExpressionNode[] arguments) =>
        new(name, default, arguments, default);
}
