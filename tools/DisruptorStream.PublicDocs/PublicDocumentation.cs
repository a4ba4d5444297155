using System.Xml.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace DisruptorStream.PublicDocs;

/// <summary>Takes out of an assembly's XML documentation what a user of the assembly cannot name.</summary>
internal static class PublicDocumentation
{
    /// <summary>What a user of an assembly can name, by the names that the XML documentation has for it.</summary>
    /// <param name="assemblyPath">The assembly; what it refers to lies beside it or belongs to .NET.</param>
    public static IReadOnlySet<string> MembersOf(string assemblyPath)
    {
        var platform = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var beside = Directory.EnumerateFiles(Path.GetDirectoryName(Path.GetFullPath(assemblyPath))!, "*.dll");
        var reference = MetadataReference.CreateFromFile(assemblyPath);
        var compilation = CSharpCompilation.Create(
            "reader",
            references: platform.Split(Path.PathSeparator).Concat(beside)
                .Where(path => Path.GetFileName(path) != Path.GetFileName(assemblyPath))
                .DistinctBy(Path.GetFileName)
                .Select(path => MetadataReference.CreateFromFile(path))
                .Append(reference));
        var assembly = (IAssemblySymbol)compilation.GetAssemblyOrModuleSymbol(reference)!;
        var names = new HashSet<string>(StringComparer.Ordinal);
        Add(assembly.GlobalNamespace, names);
        return names;
    }

    /// <summary>Takes out the members that are not among those.</summary>
    public static void Prune(XDocument documentation, IReadOnlySet<string> members)
    {
        foreach (var member in documentation.Descendants("member").ToList())
        {
            if (members.Contains((string?)member.Attribute("name") ?? ""))
                continue;

            // The line break and the indentation before it go as well.
            if (member.PreviousNode is XText space && string.IsNullOrWhiteSpace(space.Value))
                space.Remove();
            member.Remove();
        }
    }

    private static void Add(INamespaceOrTypeSymbol holder, HashSet<string> names)
    {
        foreach (var member in holder.GetMembers())
        {
            if (member is INamespaceSymbol inner)
            {
                Add(inner, names);
                continue;
            }

            if (!IsVisible(member))
                continue;
            if (member.GetDocumentationCommentId() is { } name)
                names.Add(name);
            if (member is INamedTypeSymbol type)
                Add(type, names);
        }
    }

    /// <summary>Whether others see it where they see what it lies in.</summary>
    private static bool IsVisible(ISymbol symbol) => symbol.DeclaredAccessibility
        is Accessibility.Public or Accessibility.Protected or Accessibility.ProtectedOrInternal;
}
