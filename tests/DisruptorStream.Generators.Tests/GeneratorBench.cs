using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DisruptorStream.Generators.Tests;

/// <summary>Runs a generator over a piece of code, as the compiler does.</summary>
internal sealed class GeneratorBench
{
    private static readonly CSharpParseOptions Options =
        CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);

    private readonly IIncrementalGenerator _generator;
    private readonly string _usings;

    /// <param name="generator">The generator.</param>
    /// <param name="usings">What stands before each piece of code.</param>
    public GeneratorBench(IIncrementalGenerator generator, string usings)
    {
        _generator = generator;
        _usings = usings;
    }

    /// <summary>What it reports, and the code with what it has written.</summary>
    public (IReadOnlyList<Diagnostic> Problems, Compilation Compiled) Run(string code)
    {
        CSharpGeneratorDriver.Create([_generator.AsSourceGenerator()], parseOptions: Options)
            .RunGeneratorsAndUpdateCompilation(
                Compile(code), out var compiled, out var problems, TestContext.Current.CancellationToken);
        return (problems, compiled);
    }

    /// <summary>What is typed elsewhere makes nothing anew.</summary>
    public void AssertChangeElsewhereWritesNothing(string code)
    {
        var before = Compile(code);
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [_generator.AsSourceGenerator()],
            parseOptions: Options,
            driverOptions: new GeneratorDriverOptions(default, trackIncrementalGeneratorSteps: true));
        driver = driver.RunGenerators(before, TestContext.Current.CancellationToken);
        driver = driver.RunGenerators(
            before.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Other;", Options)),
            TestContext.Current.CancellationToken);

        var outputs = driver.GetRunResult().Results[0].TrackedOutputSteps.SelectMany(step => step.Value)
            .SelectMany(step => step.Outputs);
        Assert.All(outputs, output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    private CSharpCompilation Compile(string code)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create(
            "Marked",
            [CSharpSyntaxTree.ParseText($"{_usings} {code}", Options)],
            references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }
}
