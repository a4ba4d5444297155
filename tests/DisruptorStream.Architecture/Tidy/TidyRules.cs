using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace DisruptorStream.Architecture.Tidy;

/// <summary>The house rules for one source file.</summary>
internal static class TidyRules
{
    private const int MostLines = 400;
    private const int LongestLine = 120;
    private const int MostMethodLines = 60;

    private static readonly string[] VagueNames = ["Utils", "Util", "Common", "Helpers", "Helper", "Impl"];

    private static readonly string[] UnsafeFolders =
        ["Rings", "Slots", "State", "Events", "Pipeline", "Ingest", "Durability"];

    /// <summary>What is wrong with a file, each with its line.</summary>
    /// <param name="path">Relative to the root, with forward slashes.</param>
    /// <param name="text">Its text.</param>
    public static IEnumerable<string> Check(string path, string text)
    {
        var tree = CSharpSyntaxTree.ParseText(
            text, CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview));
        var root = tree.GetRoot();
        return CheckLines(path, text)
            .Concat(CheckNamespace(path, root))
            .Concat(CheckTypes(path, root))
            .Concat(CheckMembers(path, root))
            .Concat(CheckTrivia(path, root));
    }

    private static IEnumerable<string> CheckLines(string path, string text)
    {
        var lines = text.Split('\n');
        if (lines.Length - 1 > MostLines)
            yield return $"{path}: {lines.Length - 1} lines, more than {MostLines}";
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].TrimEnd('\r').Length > LongestLine)
                yield return $"{path}({i + 1}): longer than {LongestLine} characters";
        }
    }

    private static IEnumerable<string> CheckNamespace(string path, SyntaxNode root)
    {
        if (root.DescendantNodes().OfType<NamespaceDeclarationSyntax>().Any())
            yield return $"{path}: its namespace is not file-scoped";
        var declared = root.DescendantNodes()
            .OfType<FileScopedNamespaceDeclarationSyntax>()
            .FirstOrDefault()?.Name.ToString();
        var folders = path.Split('/')[1..^1];
        if (declared is not null && declared != string.Join('.', folders))
            yield return $"{path}: its namespace {declared} is not its folder";
    }

    private static IEnumerable<string> CheckTypes(string path, SyntaxNode root)
    {
        var types = root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            .Where(type => type.Parent is BaseNamespaceDeclarationSyntax or CompilationUnitSyntax)
            .Select(type => type.Identifier.Text)
            .Distinct()
            .ToList();
        if (types.Count > 1)
            yield return $"{path}: holds several types: {string.Join(", ", types)}";
        foreach (var part in path.Split('/', '.').Concat(types).Where(part => VagueNames.Contains(part)))
            yield return $"{path}: '{part}' says nothing";
        foreach (var type in root.DescendantNodes().OfType<TypeDeclarationSyntax>())
        {
            if (type.ParameterList is not null && type is not RecordDeclarationSyntax)
            {
                yield return $"{path}({LineOf(type)}): {type.Identifier.Text} has a primary constructor and is no "
                    + "record";
            }
        }
    }

    private static IEnumerable<string> CheckMembers(string path, SyntaxNode root)
    {
        foreach (var method in root.DescendantNodes().OfType<BaseMethodDeclarationSyntax>())
        {
            var span = method.GetLocation().GetLineSpan();
            var lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            if (lines > MostMethodLines)
                yield return $"{path}({LineOf(method)}): a method of {lines} lines, more than {MostMethodLines}";
        }

        var parts = path.Split('/');
        var isFreeOfUnsafe = parts[0] == "src" && !UnsafeFolders.Contains(parts[2]);
        var found = root.DescendantTokens().FirstOrDefault(token => token.IsKind(SyntaxKind.UnsafeKeyword));
        if (isFreeOfUnsafe && found.RawKind != 0)
            yield return $"{path}({LineOf(found.Parent!)}): unsafe code outside of {string.Join(", ", UnsafeFolders)}";
    }

    private static IEnumerable<string> CheckTrivia(string path, SyntaxNode root)
    {
        foreach (var trivia in root.DescendantTrivia(descendIntoTrivia: true))
        {
            var line = trivia.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
            if (trivia.IsKind(SyntaxKind.RegionDirectiveTrivia))
                yield return $"{path}({line}): a region";
            if (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)
                && (trivia.ToString().Contains("TODO", StringComparison.Ordinal)
                    || trivia.ToString().Contains("FIXME", StringComparison.Ordinal)))
            {
                yield return $"{path}({line}): an open end";
            }
        }
    }

    private static int LineOf(SyntaxNode node) => node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}
