using System.Xml.Linq;
using DisruptorStream.PublicDocs;

namespace DisruptorStream.Architecture.Packages;

/// <summary>The documentation in a package is that of what a user can name, all of it.</summary>
public sealed class PublicDocumentationTests
{
    [Theory]
    [InlineData("DisruptorStream")]
    [InlineData("DisruptorStream.Cluster")]
    [InlineData("DisruptorStream.Hosting")]
    [InlineData("DisruptorStream.Nats")]
    [InlineData("DisruptorStream.Orleans")]
    [InlineData("DisruptorStream.Parquet")]
    [InlineData("DisruptorStream.PostgreSql")]
    [InlineData("DisruptorStream.Sqlite")]
    [InlineData("DisruptorStream.Testing")]
    public void Prune_AnAssembly_LeavesItsPublicMembers(string assembly)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll");
        var document = XDocument.Load(Path.ChangeExtension(path, "xml"));
        var all = NamesIn(document);
        var members = PublicDocumentation.MembersOf(path);

        PublicDocumentation.Prune(document, members);

        var left = NamesIn(document);
        var types = AppDomain.CurrentDomain.Load(assembly).GetTypes().Where(type => type.IsVisible)
            .Select(type => $"T:{type.FullName!.Replace('+', '.')}").ToHashSet(StringComparer.Ordinal);
        Assert.True(left.Count < all.Count, "Nothing was taken out.");
        Assert.Subset(all.ToHashSet(StringComparer.Ordinal), left.ToHashSet(StringComparer.Ordinal));
        Assert.Equal(
            all.Where(types.Contains).Order(StringComparer.Ordinal),
            left.Where(name => name[0] == 'T').Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("T:DisruptorStream.StreamProcessor`1", true)]
    [InlineData("M:DisruptorStream.EventProcessor.Start", true)]
    [InlineData("P:DisruptorStream.StreamProcessorOptions.RingCapacity", true)]
    [InlineData("F:DisruptorStream.StopMode.Complete", true)]
    [InlineData("T:DisruptorStream.PipelineCompiler", false)]
    [InlineData("M:DisruptorStream.StreamProcessor`1.#ctor", false)]
    public void MembersOf_TheEngine_AreThoseThatAUserCanName(string name, bool isPublic) => Assert.Equal(
        isPublic,
        PublicDocumentation.MembersOf(typeof(StreamProcessorOptions).Assembly.Location).Contains(name));

    [Fact]
    public void Prune_WhatIsLeft_KeepsItsForm()
    {
        var document = XDocument.Parse(
            "<doc>\n  <members>\n    <member name=\"T:A\">\n      <summary>a</summary>\n    </member>\n"
                + "    <member name=\"T:B\" />\n  </members>\n</doc>",
            LoadOptions.PreserveWhitespace);

        PublicDocumentation.Prune(document, new HashSet<string>(["T:A"]));

        Assert.Equal(
            "<doc>\n  <members>\n    <member name=\"T:A\">\n      <summary>a</summary>\n    </member>\n"
                + "  </members>\n</doc>",
            document.ToString(SaveOptions.DisableFormatting).ReplaceLineEndings("\n"));
    }

    private static List<string> NamesIn(XDocument document) =>
        [.. document.Descendants("member").Select(member => (string)member.Attribute("name")!)];
}
