using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using DisruptorStream.Expressions.Syntax;
using DisruptorStream.Expressions.Syntax.Nodes;

namespace DisruptorStream.Tests.Expressions.Model;

/// <summary>The obvious evaluation: a row at a time, over boxed values, a node at a time.</summary>
internal sealed class NaiveEvaluator : INodeVisitor<object?>
{
    private readonly IReadOnlyDictionary<string, object?> _row;

    private NaiveEvaluator(IReadOnlyDictionary<string, object?> row) => _row = row;

    public static object? Evaluate(ExpressionNode node, IReadOnlyDictionary<string, object?> row) =>
        node.Accept(new NaiveEvaluator(row));

    public object? Visit(LiteralNode node) => node.Value;

    public object? Visit(NameNode node) => _row.GetValueOrDefault(node.Name);

    public object? Visit(NegateNode node) => node.Operand.Accept(this) switch
    {
        null => null,
        long integer => Fit(-(BigInteger)integer),
        double number => Finite(-number),
        var other => throw new InvalidOperationException($"-{other}"),
    };

    public object? Visit(NotNode node) => Truth(node.Operand) is { } truth ? !truth : null;

    public object? Visit(BinaryNode node)
    {
        var (left, right) = (node.Left.Accept(this), node.Right.Accept(this));
        if (left is null || right is null)
            return null;
        if (node.Operator == BinaryOperator.Join)
            return TextOf(left) + TextOf(right);
        if (node.Operator >= BinaryOperator.Equal)
            return Compare(node.Operator, left, right);
        if (left is long first && right is long second && node.Operator != BinaryOperator.Divide)
        {
            return node.Operator switch
            {
                BinaryOperator.Add => Fit((BigInteger)first + second),
                BinaryOperator.Subtract => Fit((BigInteger)first - second),
                BinaryOperator.Multiply => Fit((BigInteger)first * second),
                _ => second == 0 ? null : Fit(BigInteger.Remainder(first, second)),
            };
        }

        var (x, y) = (Number(left)!.Value, Number(right)!.Value);
        return Finite(node.Operator switch
        {
            BinaryOperator.Add => x + y,
            BinaryOperator.Subtract => x - y,
            BinaryOperator.Multiply => x * y,
            BinaryOperator.Divide => x / y,
            _ => x % y,
        });
    }

    public object? Visit(LogicalNode node)
    {
        bool? result = node.IsAnd;
        foreach (var operand in node.Operands)
        {
            var truth = Truth(operand);
            if (truth == !node.IsAnd)
                return truth;
            result = truth is null ? null : result;
        }

        return result;
    }

    public object? Visit(IsNode node)
    {
        var value = node.Operand.Accept(this);
        return (node.Truth is null ? value is null : Equals(value, node.Truth)) != node.IsNegated;
    }

    public object? Visit(InNode node)
    {
        var operand = node.Operand.Accept(this);
        var items = node.Items.Select(item => item.Accept(this)).ToList();
        bool? isIn = operand is not null && items.Exists(
                item => item is not null && Compare(BinaryOperator.Equal, operand, item)) ? true
            : operand is null || items.Contains(null) ? null
            : false;
        return isIn is null ? null : isIn != node.IsNegated;
    }

    public object? Visit(BetweenNode node)
    {
        var both = new LogicalNode(
            IsAnd: true,
            [
                new BinaryNode(BinaryOperator.GreaterOrEqual, node.Operand, node.Low, default),
                new BinaryNode(BinaryOperator.LessOrEqual, node.Operand, node.High, default),
            ],
            default);
        return Visit(both) is bool isBetween ? isBetween != node.IsNegated : null;
    }

    public object? Visit(LikeNode node)
    {
        if (node.Operand.Accept(this) is not string text)
            return null;
        var pattern = (string)((LiteralNode)node.Pattern).Value!;
        var escape = ((LiteralNode?)node.Escape)?.Value as string;
        var regex = new StringBuilder("^");
        var isEscaped = false;
        foreach (var rune in pattern.EnumerateRunes().Select(rune => rune.ToString()))
        {
            if (!isEscaped && rune == escape)
            {
                isEscaped = true;
                continue;
            }

            regex.Append(isEscaped ? Regex.Escape(rune)
                : rune == "%" ? "(?s:.*)"
                : rune == "_" ? "(?>[\ud800-\udbff][\udc00-\udfff]|(?s:.))"
                : Regex.Escape(rune));
            isEscaped = false;
        }

        return Regex.IsMatch(text, regex.Append("\\z").ToString(), RegexOptions.CultureInvariant) != node.IsNegated;
    }

    public object? Visit(CaseNode node)
    {
        var operand = node.Operand?.Accept(this);
        foreach (var branch in node.Branches)
        {
            var isTaken = node.Operand is null
                ? Truth(branch.When) == true
                : operand is not null && branch.When.Accept(this) is { } when
                    && Compare(BinaryOperator.Equal, operand, when);
            if (isTaken)
                return branch.Then.Accept(this);
        }

        return node.Otherwise?.Accept(this);
    }

    public object? Visit(CallNode node) =>
        NaiveFunctions.Call(node.Function, [.. node.Arguments.Select(argument => argument.Accept(this))]);

    public object? Visit(CastNode node)
    {
        var value = node.Operand.Accept(this);
        return node.TypeName switch
        {
            _ when value is null => null,
            "text" => TextOf(value),
            "double" => value is bool truth ? (truth ? 1.0 : 0.0) : Number(value),
            "bigint" => value switch
            {
                double number => Whole(number),
                bool truth => truth ? 1L : 0L,
                string text => long.TryParse(
                    text.Trim(' ', '\t'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
                    ? integer
                    : Number(text) is { } number ? Whole(number) : null,
                _ => value,
            },
            _ => throw new InvalidOperationException(node.TypeName),
        };
    }

    public static object? Finite(double number) => double.IsFinite(number) ? number : null;

    public static object? Fit(BigInteger integer) =>
        integer >= long.MinValue && integer <= long.MaxValue ? (long)integer : null;

    public static string TextOf(object value) => value switch
    {
        bool truth => truth ? "true" : "false",
        double number when Math.Abs(number) < 1L << 53 && number == Math.Floor(number) =>
            ((long)number).ToString(CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    public static double? Number(object value) => value switch
    {
        long integer => integer,
        double number => number,
        string text => double.TryParse(text.Trim(' ', '\t'), CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number) ? number : null,
        _ => throw new InvalidOperationException($"{value} is no number."),
    };

    public static bool Compare(BinaryOperator comparison, object left, object right)
    {
        var order = (left, right) switch
        {
            (long first, long second) => first.CompareTo(second),
            (string first, string second) =>
                Encoding.UTF8.GetBytes(first).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(second)),
            (bool first, bool second) => first.CompareTo(second),
            _ => Number(left)!.Value.CompareTo(Number(right)!.Value),
        };
        return comparison switch
        {
            BinaryOperator.Equal => order == 0,
            BinaryOperator.NotEqual => order != 0,
            BinaryOperator.Less => order < 0,
            BinaryOperator.LessOrEqual => order <= 0,
            BinaryOperator.Greater => order > 0,
            _ => order >= 0,
        };
    }

    private static long? Whole(double number)
    {
        var whole = Math.Round(number, MidpointRounding.AwayFromZero);
        return whole is >= -9223372036854775808.0 and < 9223372036854775808.0 ? (long)whole : null;
    }

    private bool? Truth(ExpressionNode node) => (bool?)node.Accept(this);
}
