using System.Reflection;
using System.Text.RegularExpressions;
using DisruptorStream.Generators.Fields;
using DisruptorStream.Generators.Keys;
using DisruptorStream.Generators.Rows;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DisruptorStream.Architecture.Documents;

/// <summary>What the pages show compiles and runs, and what they name is there.</summary>
public sealed partial class DocumentTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    public static TheoryData<string, int> Blocks
    {
        get
        {
            var blocks = new TheoryData<string, int>();
            foreach (var page in Document.All)
            {
                foreach (var (line, _) in Document.BlocksOf(page))
                    blocks.Add(page, line);
            }

            return blocks;
        }
    }

    public static TheoryData<string> Pages => [.. Document.All];

    [Theory]
    [MemberData(nameof(Blocks))]
    public async Task Block_EachOfThem_CompilesAndRuns(string page, int line)
    {
        var code = Document.BlocksOf(page).Single(block => block.Line == line).Code;

        var (assembly, problems) = Compile(code);

        Assert.True(assembly is not null, $"{page}, line {line}: {problems}");
        await RunAsync(assembly).WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Compile_BrokenBlock_IsNoticed() => Assert.Null(Compile("Console.WriteLin(1);").Assembly);

    [Fact]
    public async Task Run_BlockThatThrows_IsNoticed()
    {
        var (assembly, _) = Compile("await Task.Yield(); throw new InvalidOperationException();");

        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(assembly!));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Page_EveryFileThatItNames_IsThere(string page)
    {
        var text = File.ReadAllText(Repository.PathOf(page));
        var folder = Path.GetDirectoryName(page)!;
        var missing = SourcePath().Matches(text).Select(match => match.Groups[1].Value)
            .Concat(Link().Matches(text).Select(match => Path.Combine(folder, match.Groups[1].Value)))
            .Where(path => !Path.Exists(Repository.PathOf(path)))
            .ToList();

        Assert.True(missing.Count == 0, $"{page} names what is not there: {string.Join(", ", missing)}");
    }

    private static (Assembly? Assembly, string Problems) Compile(string code)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Select(path => MetadataReference.CreateFromFile(path));
        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview);
        var compilation = CSharpCompilation.Create(
            $"Block{Guid.NewGuid():N}",
            [CSharpSyntaxTree.ParseText(code, options), CSharpSyntaxTree.ParseText(Usings, options)],
            references,
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create(
            [
                new KeyCodecGenerator().AsSourceGenerator(),
                new ResultRowGenerator().AsSourceGenerator(),
                new StreamEventGenerator().AsSourceGenerator(),
            ],
            parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out var generated, out _);
        using var image = new MemoryStream();
        var result = generated.Emit(image);
        return result.Success
            ? (Assembly.Load(image.ToArray()), "")
            : (null, string.Join(
                Environment.NewLine, result.Diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error)));
    }

    private static async Task RunAsync(Assembly assembly)
    {
        // The compiler puts a synchronous entry point around an asynchronous one, which does the same.
        var entry = assembly.EntryPoint!;
        await Task.Run(() =>
        {
            try
            {
                entry.Invoke(null, entry.GetParameters().Length == 0 ? null : [Array.Empty<string>()]);
            }
            catch (TargetInvocationException exception)
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception.InnerException!);
            }
        });
    }

    [GeneratedRegex(@"`((?:src|tests|perf|tools|docs|samples)/[\w./]+)`")]
    private static partial Regex SourcePath();

    [GeneratedRegex(@"\]\(((?!https?:)[^)#]+)\)")]
    private static partial Regex Link();
}
