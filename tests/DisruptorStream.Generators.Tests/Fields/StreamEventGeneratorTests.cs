using DisruptorStream.Generators.Fields;
using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Tests.Fields;

/// <summary>What the generator says about types whose events cannot be read.</summary>
public sealed class StreamEventGeneratorTests
{
    private const string Time = "[EventTime(EventTimeUnit.Ticks)] long Ticks";
    private const string Key = "[EventKey] string Model";

    private static readonly GeneratorBench Bench = new(
        new StreamEventGenerator(), "using System; using DisruptorStream.Events; using DisruptorStream.Ingest.Fields;");

    public static TheoryData<string, string, string> Unsuitable => new()
    {
        { $"[StreamEvent] record struct C({Time}, {Key});", "DSG021", "and it is not partial" },
        {
            $"class O {{ [StreamEvent] private partial record struct C({Time}, {Key}); }}",
            "DSG021",
            "the type 'O' around it is not partial"
        },
        { $"[StreamEvent] partial record C({Key});", "DSG022", "'C' has no member for the time" },
        {
            $"[StreamEvent] partial record C({Time}, {Key}, [EventTime] DateTime Other);",
            "DSG022",
            "has several members"
        },
        { $"[StreamEvent] partial record C({Time});", "DSG023", "'C' has no member for the key" },
        { $"[StreamEvent] partial record C([EventTime] long T, {Key});", "DSG024", "say what the number counts" },
        { $"[StreamEvent] partial record C([EventTime] string T, {Key});", "DSG024", "cannot be a time" },
        {
            $"[StreamEvent] partial record C([EventTime(EventTimeUnit.Seconds)] DateTime T, {Key});",
            "DSG024",
            "a date counts no unit"
        },
        { $"[StreamEvent] partial record C({Time}, [EventKey] int? K);", "DSG024", "cannot be null" },
        { $"[StreamEvent] partial record C({Time}, {Key}, [Measure] string S);", "DSG024", "with Symbol" },
        { $"[StreamEvent] partial record C({Time}, {Key}, [Measure] decimal S);", "DSG024", "gives a double" },
        { $"[StreamEvent] partial record C({Time}, {Key}, [Measure] ulong S);", "DSG024", "cannot be a measure" },
        { $"[StreamEvent] partial record C({Time}, {Key}, [Measure] double? S);", "DSG024", "'C.S' is of the type" },
        { $"[StreamEvent] partial record C<T>({Time}, [EventKey] T K);", "DSG026", "it is generic" },
        { "[StreamEvent] ref partial struct C { }", "DSG026", "it is a ref struct" },
        { "[StreamEvent] static partial class C { }", "DSG026", "it is static" },
        { $"[StreamEvent] file partial record C({Time}, {Key});", "DSG026", "it is a file type" },
        {
            $"[StreamEvent] partial record C({Time}, {Key}, [Measure] long A, [Measure(\"A\")] long B);",
            "DSG027",
            "'C' has two measures with the name 'A'"
        },
        {
            $"[StreamEvent] partial record C({Time}, {Key}, [EventKey(\"Model\")] int B);",
            "DSG027",
            "has two keys with the name 'Model'"
        },
        { $"[StreamEvent] partial record C({Time}, [EventKey(\" \")] int B);", "DSG027", "with an empty name" },
        {
            $"[StreamEvent] partial record C({Time}, [EventKey] int A, [EventKey] int B, [EventKey] int C1, "
                + "[EventKey] int D, [EventKey] int E, [EventKey] int F, [EventKey] int G, [EventKey] int H, "
                + "[EventKey] int I);",
            "DSG027",
            "has 9 keys, and 8 are the most"
        },
        {
            "[StreamEvent] partial struct C { [EventTime] public DateTime T; "
                + "[EventKey] public int K { get { return 1; } } }",
            "DSG028",
            "The getter of 'C.K' is not readonly"
        },
    };

    public static TheoryData<string, string, string> Unreadable => new()
    {
        {
            $"[StreamEvent] partial record C({Time}, {Key}) {{ [Measure] public static double S; }}",
            "DSG025",
            "it is static"
        },
        {
            $"[StreamEvent] partial record C({Time}, {Key}) {{ [Measure] public double S {{ set {{ }} }} }}",
            "DSG025",
            "it has no getter"
        },
        {
            $"[StreamEvent] partial record C({Time}, {Key}) {{ [Measure] public double this[int i] => i; }}",
            "DSG025",
            "it is an indexer"
        },
        {
            $"[StreamEvent] partial class C([Measure] double S) {{ [EventTime] public DateTime T; "
                + $"[EventKey] public int K; "
                + "double O => S; }",
            "DSG025",
            "'C.S' cannot be read from an event, because it is a parameter"
        },
        {
            $"class B {{ [Measure] private double S = 1; double O => S; }} [StreamEvent] partial class C : B "
                + "{ [EventTime] public DateTime T; [EventKey] public int K; }",
            "DSG025",
            "it belongs to the base type alone"
        },
        {
            "class B { [Measure] public double S; } [StreamEvent] partial class C : B "
                + "{ [EventTime] public DateTime T; [EventKey] public int K; public new double S; }",
            "DSG025",
            "in front of it"
        },
        {
            $"interface I {{ double S {{ get; }} }} [StreamEvent] partial record C({Time}, {Key}) : I "
                + "{ [Measure] double I.S => 1; }",
            "DSG025",
            "it is a member of an interface, which no event has by its own name"
        },
    };

    [Theory]
    [MemberData(nameof(Unsuitable))]
    [MemberData(nameof(Unreadable))]
    public void Generate_TypeThatCannotBeRead_IsReportedAtItsPlace(string code, string id, string message)
    {
        var (problems, _) = Bench.Run(code);

        var problem = Assert.Single(problems);
        Assert.Equal(id, problem.Id);
        Assert.Contains(message, problem.GetMessage(System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(problem.Location.IsInSource);
    }

    [Theory]
    [InlineData($"[StreamEvent] partial record struct C({Time}, {Key}, [Measure] double A, [Measure(\"b\")] int B);")]
    [InlineData($"[StreamEvent] readonly partial record struct C({Time}, [EventKey] string? Model);")]
    [InlineData($"namespace A.B {{ partial class O {{ [StreamEvent] private partial record C({Time}, {Key}); }} }}")]
    [InlineData(
        "[StreamEvent] partial struct C { [EventTime] public DateTimeOffset T; [EventKey] public (int, string?) K; "
            + "[Measure] public float @class { get; set; } }")]
    [InlineData(
        "class B { [EventTime(EventTimeUnit.Seconds)] protected uint T = 1; } "
            + "[StreamEvent] partial class C : B { [EventKey] public Guid K => default; "
            + "[EventKey] public int L = 1; }")]
    [InlineData($"[StreamEvent] abstract partial record C({Time}) {{ [EventKey] public abstract int K {{ get; }} }}")]
    [InlineData(
        "[StreamEvent] partial record C([EventTime(EventTimeUnit.DateTimeTicks)] long T, [EventKey(\"a \\\"b\")] int "
            + "@event, [property: Measure] sbyte S, [Measure] ushort U);")]
    [InlineData($"[StreamEvent] partial record C({Time}, {Key}) {{ [Measure, Obsolete] public double S => 1; }}")]
    [InlineData($"[StreamEvent] partial record StreamEventReader({Time}, {Key});")]
    [InlineData(
        $"[StreamEvent] partial record C({Time}, [EventKey] string one, [EventKey] int StreamEventReader0, [Measure] "
            + "int published, [Measure] int measures, [Measure] long System, [Measure] long index);")]
    [InlineData(
        "[StreamEvent] partial struct C { [EventTime(EventTimeUnit.Ticks)] public readonly partial long T { get; } } "
            + "partial struct C { public readonly partial long T => 1; [EventKey] public readonly int K => 1; }")]
    public void Generate_MarkedType_CompilesWithoutAWarning(string code)
    {
        var (problems, compiled) = Bench.Run(code);

        Assert.Empty(problems);
        Assert.Empty(compiled.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(one => one.Severity >= DiagnosticSeverity.Warning));
        Assert.True(compiled.SyntaxTrees.Count() > 1);
    }

    /// <summary>Members that are nothing but their fields cannot throw: the loop counts once, at its end.</summary>
    [Theory]
    [InlineData($"[StreamEvent] partial record struct C({Time}, {Key});", false)]
    [InlineData(
        "[StreamEvent] partial struct C { [EventTime] public DateTime T; [EventKey] public readonly int K => 1 / 1; }",
        true)]
    [InlineData(
        "[StreamEvent] partial struct C { [EventTime] public DateTime T; [EventKey] public int K { "
            + "readonly get => field; set; } }",
        true)]
    [InlineData("[StreamEvent] partial class C { [EventTime] public DateTime T; [EventKey] public int K; }", true)]
    [InlineData(
        "[StreamEvent] partial struct C { [EventTime] public DateTime T; [EventKey] public readonly partial int K "
            + "{ get; } } partial struct C { public readonly partial int K => 1 / 1; }",
        true)]
    public void Generate_MembersThatRunCode_AreCountedOneByOne(string code, bool counts) => Assert.Equal(
        counts,
        Bench.Run(code).Compiled.SyntaxTrees.Last().ToString().Contains("read = index + 1;", StringComparison.Ordinal));

    /// <summary>What is typed elsewhere makes nothing anew.</summary>
    [Fact]
    public void Generate_ChangeElsewhere_WritesNothingAnew() =>
        Bench.AssertChangeElsewhereWritesNothing($"[StreamEvent] partial record struct C({Time}, {Key});");
}
