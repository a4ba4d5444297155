using CsCheck;
using DisruptorStream.Expressions;
using DisruptorStream.Expressions.Binding;
using DisruptorStream.Expressions.Syntax;
using DisruptorStream.Expressions.Syntax.Nodes;
using DisruptorStream.Tests.Expressions.Model;

namespace DisruptorStream.Tests.Expressions;

/// <summary>Expressions over columns equal the naive evaluation of each row; texts and trees are one another.</summary>
public sealed class ExpressionModelTests
{
    [Fact]
    public void Run_RandomExpressionsAndRows_EqualsTheNaiveOne() =>
        Gen.Select(RandomExpressions.Any, RandomExpressions.Rows).Sample(
            (node, table) => AssertEqualsModel(node, table),
            iter: 600,
            print: sample => $"{ExpressionPrinter.Print(sample.Item1)} over {sample.Item2.Count} rows");

    [Fact]
    public void Parse_PrintedExpression_PrintsAndMeansTheSame() =>
        Gen.Select(RandomExpressions.Any, RandomExpressions.Rows).Sample(
            (node, table) =>
            {
                var text = ExpressionPrinter.Print(node);
                var parsed = Parser.Parse(text);
                Assert.Equal(text, ExpressionPrinter.Print(parsed));
                AssertEqualsModel(parsed, table);
            },
            iter: 200,
            print: sample => ExpressionPrinter.Print(sample.Item1));

    [Fact]
    public void Parse_RandomText_ThrowsNothingButItsOwnError()
    {
        var words = RandomExpressions.Pick(
            "a", "b.c", "\"q\"", "1", "2.5", "'t'", "(", ")", ",", "+", "-", "*", "/", "%", "=", "<>", "<=", "||",
            "and",
            "or", "not", "in", "is", "null", "true", "like", "escape", "between", "case", "when", "then", "else", "end",
            "cast", "as", "bigint", "round", "substring", "concat",
            " ", "\t", "--", "'", "\"", ".", "1e", "e5", "\ud83d");
        Gen.OneOf(words.List[0, 40].Select(list => string.Join(' ', list)), words.List[0, 20].Select(string.Concat),
            Gen.String).Sample(
            text =>
            {
                try
                {
                    var node = Parser.Parse(text);
                    ExpressionBinder.Bind(node, new ModelTable(RandomExpressions.Types, [])).Run(1);
                }
                catch (ExpressionException exception)
                {
                    Assert.InRange(exception.Start, 0, text.Length);
                    Assert.InRange(exception.Length, 0, text.Length - exception.Start);
                    Assert.Contains('^', exception.Show(text));
                }
            },
            iter: 5_000);
    }

    private static void AssertEqualsModel(ExpressionNode node, ModelTable table)
    {
        var expression = ExpressionBinder.Bind(node, table);

        // Twice: what a run leaves behind does not show in the next one.
        expression.Run(table.Count);
        expression.Run(table.Count);
        for (var row = 0; row < table.Count; row++)
            AssertEqual(NaiveEvaluator.Evaluate(node, table[row]), ModelTable.ValueOf(expression.Result, row));
    }

    private static void AssertEqual(object? expected, object? actual)
    {
        if (expected is double number && actual is double its)
            Assert.True(number == its, $"{number:R} is expected, and here is {its:R}");
        else
            Assert.Equal(expected, actual);
    }
}
