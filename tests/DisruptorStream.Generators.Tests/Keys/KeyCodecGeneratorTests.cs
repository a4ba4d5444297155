using DisruptorStream.Generators.Keys;
using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Tests.Keys;

/// <summary>What the generator says about types for which it writes no codec.</summary>
public sealed class KeyCodecGeneratorTests
{
    private static readonly GeneratorBench Bench = new(new KeyCodecGenerator(), "using DisruptorStream.Codecs;");

    [Theory]
    [InlineData("[KeyCodec] record struct K(int A);", "DSG001", "'K' is marked with [KeyCodec], and it is not partial")]
    [InlineData("class C { [KeyCodec] partial record K(int A); }", "DSG001", "the type 'C' around it is not partial")]
    [InlineData("[KeyCodec] partial record K(System.Version V);", "DSG002", "'K.V' is of the type 'System.Version'")]
    [InlineData("[KeyCodec] partial record K((int, object) P);", "DSG002", "'K.P' is of the type '(int, object)'")]
    [InlineData("[KeyCodec] partial record K(int[] A);", "DSG002", "'K.A' is of the type 'int[]'")]
    [InlineData("[KeyCodec] partial record K((int, int)? A);", "DSG002", "'K.A' is of the type '(int, int)?'")]
    [InlineData("[KeyCodec] partial record K { public int A { get; } }", "DSG003", "'K.A' cannot be set")]
    [InlineData("[KeyCodec] partial struct K { readonly int _a; }", "DSG003", "'K._a' cannot be set")]
    [InlineData("[KeyCodec] partial record K<T>(int A);", "DSG004", "it is generic")]
    [InlineData("[KeyCodec] abstract partial record K(int A);", "DSG004", "it is abstract")]
    [InlineData("record B; [KeyCodec] partial record K(int A) : B;", "DSG004", "it derives from another type")]
    [InlineData("[KeyCodec] partial class K { public int A; }", "DSG004", "its objects equal only themselves")]
    [InlineData("[KeyCodec] partial record struct K;", "DSG004", "it has no members")]
    [InlineData("[KeyCodec] ref partial struct K { public int A; }", "DSG004", "it is a ref struct")]
    [InlineData("[KeyCodec] partial record K(K? Next);", "DSG004", "a part of it is a 'K' again")]
    public void Generate_TypeWithoutACodec_IsReportedAtItsPlace(string code, string id, string message)
    {
        var (problems, _) = Bench.Run(code);

        var problem = Assert.Single(problems);
        Assert.Equal(id, problem.Id);
        Assert.Contains(message, problem.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(DiagnosticSeverity.Error, problem.Severity);
        Assert.True(problem.Location.IsInSource);
    }

    [Theory]
    [InlineData("[KeyCodec] partial record struct K(int A);")]
    [InlineData("namespace A.B { partial interface I { [KeyCodec] partial record K(string? @event, int? Other); } }")]
    [InlineData("[KeyCodec] partial struct K { public required System.Guid Id { get; init; } }")]
    [InlineData("[KeyCodec] partial record struct K(M A, M? B); [KeyCodec] partial record struct M(nint A);")]
    [InlineData("enum E { } [KeyCodec] partial record K(E E, (E, string) P, System.DateOnly D, System.UInt128 U);")]
    public void Generate_MarkedType_CompilesWithoutAWarning(string code)
    {
        var (problems, compiled) = Bench.Run(code);

        Assert.Empty(problems);
        Assert.Empty(compiled.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(one => one.Severity >= DiagnosticSeverity.Warning));
        Assert.True(compiled.SyntaxTrees.Count() > 1);
    }

    [Fact]
    public void Generate_CodecOfTheUsersOwn_WritesNone()
    {
        var (problems, compiled) = Bench.Run("[KeyCodec(typeof(string))] record struct K(object A);");

        Assert.Empty(problems);
        Assert.Single(compiled.SyntaxTrees);
    }

    /// <summary>What is typed elsewhere makes no codec anew.</summary>
    [Fact]
    public void Generate_ChangeElsewhere_WritesNothingAnew() =>
        Bench.AssertChangeElsewhereWritesNothing("[KeyCodec] partial record struct K(int A);");
}
