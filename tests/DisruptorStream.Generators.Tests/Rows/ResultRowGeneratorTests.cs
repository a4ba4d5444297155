using DisruptorStream.Generators.Rows;
using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Tests.Rows;

/// <summary>What the generator says about types that cannot be filled from results.</summary>
public sealed class ResultRowGeneratorTests
{
    private static readonly GeneratorBench Bench = new(
        new ResultRowGenerator(), "using DisruptorStream.Emission.Records;");

    [Theory]
    [InlineData("[ResultRow] record struct R(string Key);", "DSG011", "'R' is marked with [ResultRow], and it is not")]
    [InlineData("class C { [ResultRow] partial record R(int Key); }", "DSG011", "the type 'C' around it is not")]
    [InlineData("[ResultRow] partial record R(string Key, int A);", "DSG012", "'R.A' is of the type 'int'")]
    [InlineData("[ResultRow] partial record R(string Key, long Start);", "", "")]
    [InlineData("[ResultRow] partial record R(string Key, string Start);", "DSG012", "'R.Start' is of the type")]
    [InlineData("[ResultRow] partial record R(string Key, [Metric(\"a\")] bool IsLast);", "DSG012", "'R.IsLast'")]
    [InlineData("[ResultRow] partial record R(int Key) { public double A { get; } }", "DSG013", "'R.A' cannot be set")]
    [InlineData("[ResultRow] partial record R<T>(string Key, T A);", "DSG014", "it is generic")]
    [InlineData("[ResultRow] abstract partial record R(string Key);", "DSG014", "it is abstract")]
    [InlineData("record B; [ResultRow] partial record R(int Key) : B;", "DSG014", "it derives from another type")]
    [InlineData("[ResultRow] ref partial struct R { public int Key; }", "DSG014", "it is a ref struct")]
    [InlineData("[ResultRow] partial record R(double A);", "DSG015", "'R' has no members for the key")]
    [InlineData(
        "[ResultRow] partial record R([ResultKey] int A, [ResultKey] int B, [ResultKey] int C, [ResultKey] int D, "
            + "[ResultKey] int E);",
        "DSG015",
        "has too many members")]
    public void Generate_TypeThatCannotBeFilled_IsReportedAtItsPlace(string code, string id, string message)
    {
        var (problems, _) = Bench.Run(code);
        if (id.Length == 0)
        {
            Assert.Empty(problems);
            return;
        }

        var problem = Assert.Single(problems);
        Assert.Equal(id, problem.Id);
        Assert.Contains(message, problem.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(problem.Location.IsInSource);
    }

    [Theory]
    [InlineData("[ResultRow] partial record struct R(string Key, double P95, long? Errors, double? Mean);")]
    [InlineData("namespace A.B { partial class C { [ResultRow] partial record R([ResultKey] int @event, long N); } }")]
    [InlineData("[ResultRow] partial class R { public required string? Key { get; init; } public double A; }")]
    [InlineData("[ResultRow] partial record R(int Key, [Metric(\"a \\\"b\\\"\")] double A);")]
    [InlineData("[ResultRow] partial record R([ResultKey] string? Tenant, [ResultKey(\"user\")] int U, double A);")]
    [InlineData("[ResultRow] partial record R([ResultKey(\"model\")] string Key, double A);")]
    public void Generate_MarkedType_CompilesWithoutAWarning(string code)
    {
        var (problems, compiled) = Bench.Run(code);

        Assert.Empty(problems);
        Assert.Empty(compiled.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(one => one.Severity >= DiagnosticSeverity.Warning));
        Assert.True(compiled.SyntaxTrees.Count() > 1);
    }

    /// <summary>What is typed elsewhere makes nothing anew.</summary>
    [Fact]
    public void Generate_ChangeElsewhere_WritesNothingAnew() =>
        Bench.AssertChangeElsewhereWritesNothing("[ResultRow] partial record struct R(int Key, double A);");
}
