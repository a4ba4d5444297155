using DisruptorStream.Expressions;
using DisruptorStream.Expressions.Syntax;

namespace DisruptorStream.Tests.Expressions.Syntax;

/// <summary>How texts are read, and what is said of those that are no expressions.</summary>
public sealed class ParserTests
{
    [Theory]
    [InlineData("a+b*c", "a + (b * c)")]
    [InlineData("(a+b)*c", "(a + b) * c")]
    [InlineData("a-b-c", "a - b - c")]
    [InlineData("a-(b-c)", "a - (b - c)")]
    [InlineData("a or b and not c = 1", "a or (b and (not (c = 1)))")]
    [InlineData("NOT a IS NULL", "not (a is null)")]
    [InlineData("a = b is not true", "(a = b) is not true")]
    [InlineData("a || b = c", "(a || b) = c")]
    [InlineData("a between 1 and 2 and b", "(a between 1 and 2) and b")]
    [InlineData("a not like 'x' escape '!'", "a not like 'x' escape '!'")]
    [InlineData("- - a", "-(-a)")]
    [InlineData("a - -1", "a - (-1)")]
    [InlineData("+a != 2.", "a <> 2.0")]
    [InlineData(".5e1", "5.0")]
    [InlineData("usage.tokens * \"a \"\"b\"\"\"", "usage.tokens * \"a \"\"b\"\"\"")]
    [InlineData("\"case\" || Round(x)", "\"case\" || round(x)")]
    [InlineData("cast(a as double precision)", "cast(a as double)")]
    [InlineData("case a when 1 then 2 else null end", "case a when 1 then 2 else null end")]
    public void Parse_Text_ReadsByPrecedence(string text, string expected) =>
        Assert.Equal(expected, ExpressionPrinter.Print(Parser.Parse(text)));

    [Theory]
    [InlineData("", "ends where", 0, 0)]
    [InlineData("a +", "ends where", 3, 0)]
    [InlineData("a b", "ends before 'b'", 2, 1)]
    [InlineData("a)", "closes nothing", 1, 1)]
    [InlineData("(a", "A ')' is missing", 0, 1)]
    [InlineData("round(a", "to close the arguments of 'round'", 0, 5)]
    [InlineData("'abc", "never closed", 0, 4)]
    [InlineData("\"\"", "A name is empty", 0, 2)]
    [InlineData("a < b < c", "join them with and", 6, 1)]
    [InlineData("a && b", "write and", 2, 1)]
    [InlineData("a -- b", "begin a comment", 2, 2)]
    [InlineData("1a", "neither a number nor a name", 0, 2)]
    [InlineData("1e999", "beyond", 0, 5)]
    [InlineData("a is 3", "After 'is'", 5, 1)]
    [InlineData("a in ()", "Here is ')'", 6, 1)]
    [InlineData("a == 1", "did you mean '='?", 2, 2)]
    [InlineData("a => 1", "did you mean '>='?", 2, 2)]
    [InlineData("a in 1", "A '(' is missing", 5, 1)]
    [InlineData("case end", "Here is 'end'", 5, 3)]
    [InlineData("case when a then b", "A 'end' is missing", 0, 4)]
    [InlineData("and", "stands in double quotes", 0, 3)]
    [InlineData("\u201ca\u201d", "straight quotes", 0, 1)]
    public void Parse_NoExpression_SaysWhereAndWhat(string text, string message, int start, int length)
    {
        var exception = Assert.Throws<ExpressionException>(() => Parser.Parse(text));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
        Assert.Equal((start, length), (exception.Start, exception.Length));
    }

    [Theory]
    [InlineData("(", 100_000)]
    [InlineData("(", 15_000)]
    [InlineData("not ", 4_000)]
    [InlineData("- ", 9_000)]
    [InlineData("case when ", 1_900)]
    [InlineData("abs(", 4_900)]
    [InlineData("a + ", 4_900)]
    [InlineData("a || ", 3_900)]
    public void Parse_DeepOrLong_IsRefusedAndNoStackOverflows(string part, int count)
    {
        var text = string.Concat(Enumerable.Repeat(part, count)) + "a";
        Assert.Throws<ExpressionException>(() => Parser.Parse(text));
    }

    /// <summary>Long chains of and and or are flat.</summary>
    [Fact]
    public void Parse_ManyConditions_AreTaken() =>
        Assert.Equal(2, Parser.Parse(string.Join(" or ", Enumerable.Repeat("a = 1", 2_000))).Depth - 1);

    [Fact]
    public void ParseNamed_NameAndExpression_GivesBoth()
    {
        var (name, node) = Parser.ParseNamed("rate = a = b");
        Assert.Equal(("rate", "a = b"), (name.Text, ExpressionPrinter.Print(node)));
        var exception = Assert.Throws<ExpressionException>(() => Parser.ParseNamed("rate a"));
        Assert.Contains("'='", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_LongText_IsCutAroundThePart()
    {
        var text = $"{new string('a', 200)} + , + {new string('b', 200)}";
        var lines = Assert.Throws<ExpressionException>(() => Parser.Parse(text)).Show(text).Split(Environment.NewLine);
        Assert.Equal(',', lines[1][lines[2].IndexOf('^', StringComparison.Ordinal)]);
        Assert.InRange(lines[1].Length, 1, 130);
    }
}
