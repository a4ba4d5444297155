using DisruptorStream.Expressions;
using DisruptorStream.Expressions.Binding;
using DisruptorStream.Expressions.Columns;
using DisruptorStream.Expressions.Syntax;
using DisruptorStream.Tests.Expressions.Model;

namespace DisruptorStream.Tests.Expressions.Binding;

/// <summary>What expressions give, case by case, and what is said of those that cannot be.</summary>
public sealed class ExpressionBinderTests
{
    private static readonly ModelTable Table = new(
        new Dictionary<string, ExpressionType>(StringComparer.Ordinal)
        {
            ["i"] = ExpressionType.Integer,
            ["x"] = ExpressionType.Double,
            ["s"] = ExpressionType.Text,
            ["b"] = ExpressionType.Boolean,
            ["c"] = ExpressionType.Untyped,
            ["d"] = ExpressionType.Untyped,
            ["n"] = ExpressionType.Double,
        },
        [
            new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["i"] = 7L, ["x"] = 2.5, ["s"] = "it's", ["b"] = true, ["c"] = "12.5", ["d"] = "yes", ["n"] = null,
            },
        ]);

    [Theory]
    [InlineData("1 / 2", 0.5)]
    [InlineData("7 % -4", 3L)]
    [InlineData("-7 % 4", -3L)]
    [InlineData("i / 0", null)]
    [InlineData("i % 0", null)]
    [InlineData("x / 0", null)]
    [InlineData("9223372036854775807 + 1", null)]
    [InlineData("-9223372036854775808 - 1", null)]
    [InlineData("4294967296 * 4294967296", null)]
    [InlineData("-(-9223372036854775808)", null)]
    [InlineData("abs(-9223372036854775808)", null)]
    [InlineData("div(-9223372036854775808, -1)", null)]
    [InlineData("-9223372036854775808 % -1", 0L)]
    [InlineData("9223372036854775808", 9223372036854775808.0)]
    [InlineData("1e308 * 10", null)]
    [InlineData("sqrt(-1)", null)]
    [InlineData("ln(0)", null)]
    [InlineData("1 + 2 * 3 - 4 / 2", 5.0)]
    [InlineData("2 - 3 - 4", -5L)]
    [InlineData("i + x", 9.5)]
    [InlineData("round(2.5)", 3.0)]
    [InlineData("round(-2.5)", -3.0)]
    [InlineData("round(2.345, 2)", 2.35)]
    [InlineData("round(1234, -2)", 1200.0)]
    [InlineData("power(2, 10)", 1024.0)]
    [InlineData("log10(1000)", 3.0)]
    [InlineData("mod(7, 4)", 3L)]
    [InlineData("div(7, 2)", 3L)]
    [InlineData("div(-7, 2.0)", -3.0)]
    [InlineData("'a' || 1 || 2.0 || true", "a12true")]
    [InlineData("'a' || null", null)]
    [InlineData("concat('a', null, 1)", "a1")]
    [InlineData("s", "it's")]
    [InlineData("'it''s' = s", true)]
    public void Bind_Arithmetic_GivesItsValue(string text, object? expected) =>
        Assert.Equal(expected, Value(text));

    [Theory]
    [InlineData("null = null", null)]
    [InlineData("n = 1 or b", true)]
    [InlineData("n = 1 and b", null)]
    [InlineData("n = 1 and not b", false)]
    [InlineData("not n = 1", null)]
    [InlineData("i in (1, 7)", true)]
    [InlineData("i in (1, null)", null)]
    [InlineData("i not in (7, null)", false)]
    [InlineData("i not in (1, null)", null)]
    [InlineData("null in (1)", null)]
    [InlineData("i between 7 and 8", true)]
    [InlineData("i not between 7 and 8", false)]
    [InlineData("i between 8 and null", false)]
    [InlineData("n is null and i is not null", true)]
    [InlineData("(n = 1) is true", false)]
    [InlineData("(n = 1) is not true", true)]
    [InlineData("(n = 1) is false", false)]
    [InlineData("(n = 1) is unknown", true)]
    [InlineData("case when n > 1 then 'x' when b then 'y' end", "y")]
    [InlineData("case i when 1 then 'x' else 'z' end", "z")]
    [InlineData("case null when null then 1 else 2 end", 2L)]
    [InlineData("case when i <> 0 then x / i else 1 / 0 end", 2.5 / 7)]
    [InlineData("coalesce(n, null, x)", 2.5)]
    [InlineData("nullif(i, 7)", null)]
    [InlineData("nullif(i, null)", 7L)]
    [InlineData("least(3, n, 2)", 2.0)]
    [InlineData("greatest(null, null)", null)]
    public void Bind_LogicAndChoices_GiveTheirValue(string text, object? expected) =>
        Assert.Equal(expected, Value(text));

    [Theory]
    [InlineData("c > 12", true)]
    [InlineData("c = '12.5'", true)]
    [InlineData("c + 1", 13.5)]
    [InlineData("d", "yes")]
    [InlineData("d and b", true)]
    [InlineData("d + 1", null)]
    [InlineData("coalesce(c, d)", "12.5")]
    [InlineData("cast(c as bigint)", 13L)]
    [InlineData("cast('x' as double)", null)]
    [InlineData("cast(0 as boolean)", false)]
    [InlineData("cast(1e300 as bigint)", null)]
    [InlineData("cast(0.1 as varchar)", "0.1")]
    [InlineData("length('a\ud83d\ude00')", 2L)]
    [InlineData("substring('hello', 2, 3)", "ell")]
    [InlineData("substring('hello', -1, 3)", "h")]
    [InlineData("substring('hello', 9)", "")]
    [InlineData("substring('hello', 1, -1)", null)]
    [InlineData("upper('straße')", "STRAßE")]
    [InlineData("trim('  a ')", "a")]
    [InlineData("starts_with(s, 'it')", true)]
    [InlineData("'50%' like '50\\%' escape '\\'", true)]
    [InlineData("'501' like '50\\%' escape '\\'", false)]
    [InlineData("'a\nb' like 'a_b'", true)]
    [InlineData("'\ud83d\ude00' like '_'", true)]
    [InlineData("'abcabd' like '%ab_'", true)]
    [InlineData("'' like '%'", true)]
    [InlineData("'a' < 'B'", false)]
    [InlineData("true > false", true)]
    public void Bind_TypesAndTexts_GiveTheirValue(string text, object? expected) =>
        Assert.Equal(expected, Value(text));

    [Theory]
    [InlineData("y + 1", "There is no column 'y'", "y")]
    [InlineData("1 + 's'", "needs a number", "'s'")]
    [InlineData("i = s", "has an integer and a text", "s")]
    [InlineData("not i", "needs a condition", "i")]
    [InlineData("c = d", "says nothing of their types", "c = d")]
    [InlineData("c = \"d\"", "put it in single quotes", "c = \"d\"")]
    [InlineData("lower(i)", "needs a text", "i")]
    [InlineData("substring(s, x)", "needs an integer", "x")]
    [InlineData("sqr(i)", "did you mean 'sqrt'?", "sqr")]
    [InlineData("max(i, 1)", "did you mean 'greatest'?", "max")]
    [InlineData("abs(1, 2)", "write it as abs(x)", "abs(1, 2)")]
    [InlineData("cast(i as date)", "There is no type 'date'", "date")]
    [InlineData("cast(x as boolean)", "is no condition", "cast(x as boolean)")]
    [InlineData("s like c", "pattern of 'like' is a text", "c")]
    [InlineData("s like 'a' escape 'bb'", "is one character", "'bb'")]
    [InlineData("s like 'a!' escape '!'", "ends with its escape character", "'a!'")]
    [InlineData("case when i then 1 end", "needs a condition", "i")]
    [InlineData("case when b then 1 else 'x' end", "has an integer and a text", "'x'")]
    public void Bind_WhatDoesNotFit_IsToldWithItsPlace(string text, string message, string part)
    {
        var exception = Assert.Throws<ExpressionException>(() => Value(text));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal(part, text.Substring(exception.Start, exception.Length));
    }

    /// <summary>Cells that are not what their use needs are counted; where a cast asks, they are not.</summary>
    [Fact]
    public void Run_CellsThatCannotBeRead_AreCounted()
    {
        var expression = ExpressionBinder.Bind(Parser.Parse("d + 1 > cast(d as double)"), Table);
        expression.Run(1);
        expression.Run(1);
        var unread = Assert.Single(expression.Unread);
        Assert.Equal(("d", "a number", 2, "yes"), (unread.Column, unread.Needed, unread.Count, unread.First));
    }

    /// <summary>A text that doubles with each step ends as null, not as all the memory there is.</summary>
    [Fact]
    public void Run_TextBeyondTheLongest_IsNull()
    {
        var longer = new ModelTable(
            new Dictionary<string, ExpressionType>(StringComparer.Ordinal) { ["s"] = ExpressionType.Text },
            [new Dictionary<string, object?>(StringComparer.Ordinal) { ["s"] = new string('x', 600_000) }]);
        Assert.Null(Value("s || s", longer));
        Assert.Equal(600_000, ((string)Value("lower(s)", longer)!).Length);
    }

    [Fact]
    public void Run_SteadyState_AllocatesNothing()
    {
        var expression = ExpressionBinder.Bind(
            Parser.Parse("case when c > 1 and s like 'it%' then upper(s) || i else concat(x, 'a') end"), Table);
        expression.Run(1);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var turn = 0; turn < 100; turn++)
            expression.Run(1);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static object? Value(string text) => Value(text, Table);

    private static object? Value(string text, ModelTable table)
    {
        var expression = ExpressionBinder.Bind(Parser.Parse(text), table);
        expression.Run(1);
        return ModelTable.ValueOf(expression.Result, 0);
    }
}
