using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Keys;

/// <summary>What the generator of codecs reports.</summary>
internal static class KeyDiagnostics
{
    private const string Category = "Keys";

    public static readonly DiagnosticDescriptor NotPartial = new(
        "DSG001",
        "A type with [KeyCodec] must be partial",
        "'{0}' is marked with [KeyCodec], and {1}: add 'partial' there, so that its codec can be added to it",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NoCodec = new(
        "DSG002",
        "A member of a key has no codec",
        "'{0}.{1}' is of the type '{2}', which has no codec: mark that type with [KeyCodec], use a type that has one "
            + "(text, integers, enums, Guid, dates, times, tuples of them), or write a codec of your own for '{0}'",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NotSettable = new(
        "DSG003",
        "A member of a key cannot be set",
        "'{0}.{1}' cannot be set when a key is read: give '{0}' a constructor with a parameter of the same name and "
            + "type, or make the member settable ('init' is enough)",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Unsuitable = new(
        "DSG004",
        "A type with [KeyCodec] cannot have a generated codec",
        "No codec can be generated for '{0}', because {1}: write one that implements IKeyCodec<{0}>, and name it by "
            + "[KeyCodec(typeof(...))] or pass it to WithKeyCodec",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);
}
