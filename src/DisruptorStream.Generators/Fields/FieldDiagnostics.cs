using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Fields;

/// <summary>What the generator of events reports.</summary>
internal static class FieldDiagnostics
{
    private const string Category = "Fields";

    public static readonly DiagnosticDescriptor NotPartial = new(
        "DSG021",
        "A type with [StreamEvent] must be partial",
        "'{0}' is marked with [StreamEvent], and {1}: add 'partial' there, so that the reading of events can be added",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NoTime = new(
        "DSG022",
        "An event must have one time",
        "'{0}' has {1} for the time: mark exactly one with [EventTime]",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NoKey = new(
        "DSG023",
        "An event must have a key",
        "'{0}' has no member for the key: mark one with [EventKey], or several for a stream whose queries group by "
            + "different ones",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor UnsuitableMember = new(
        "DSG024",
        "A member of an event has an unsuitable type",
        "'{0}.{1}' is of the type '{2}', which cannot be {3}: {4}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Unreadable = new(
        "DSG025",
        "A member of an event cannot be read",
        "'{0}.{1}' cannot be read from an event, because {2}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Unsuitable = new(
        "DSG026",
        "The reading of a type with [StreamEvent] cannot be generated",
        "The reading of '{0}' cannot be generated, because {1}: use StreamProcessorBuilder.For and selectors",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor WrongNames = new(
        "DSG027",
        "Names of measures and keys must differ, and there is a limit to them",
        "'{0}' {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Copies = new(
        "DSG028",
        "Reading a member copies the event",
        "The getter of '{0}.{1}' is not readonly, so that each read copies the event: mark it, or the struct, readonly",
        Category,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true);
}
