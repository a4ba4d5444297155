using Microsoft.CodeAnalysis;

namespace DisruptorStream.Generators.Rows;

/// <summary>What the generator of rows reports.</summary>
internal static class RowDiagnostics
{
    private const string Category = "Rows";

    public static readonly DiagnosticDescriptor NotPartial = new(
        "DSG011",
        "A type with [ResultRow] must be partial",
        "'{0}' is marked with [ResultRow], and {1}: add 'partial' there, so that the reading of results can be added",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NoMetricType = new(
        "DSG012",
        "A member of a row cannot hold a metric",
        "'{0}.{1}' is of the type '{2}', which holds no metric: make it double, long, double? or long?, mark the key "
            + "with [ResultKey], or name and type it like a member of a result (Start and End: DateTimeOffset, "
            + "Timing: PaneTiming, Sequence: long, IsFailed: bool and so on)",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NotSettable = new(
        "DSG013",
        "A member of a row cannot be set",
        "'{0}.{1}' cannot be set when a result is read: give '{0}' a constructor with a parameter of the same name and "
            + "type, or make the member settable ('init' is enough)",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Unsuitable = new(
        "DSG014",
        "A type with [ResultRow] cannot be filled from results",
        "'{0}' cannot be filled from results, because {1}",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NoKey = new(
        "DSG015",
        "A row must have a key",
        "'{0}' has {1} for the key: name one 'Key', or mark one with [ResultKey]; of a key of several parts, mark one "
            + "for each part, 2 to 4",
        Category,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);
}
