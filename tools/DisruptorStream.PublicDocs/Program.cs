using System.Xml.Linq;
using DisruptorStream.PublicDocs;

if (args is not [var assembly, var documentation])
{
    Console.Error.WriteLine("Usage: DisruptorStream.PublicDocs ASSEMBLY DOCUMENTATION");
    return 2;
}

var document = XDocument.Load(documentation, LoadOptions.PreserveWhitespace);
PublicDocumentation.Prune(document, PublicDocumentation.MembersOf(assembly));
document.Save(documentation, SaveOptions.DisableFormatting);
return 0;
