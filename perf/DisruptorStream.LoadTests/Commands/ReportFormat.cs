using System.Text.Json;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>How reports are written as JSON.</summary>
internal static class ReportFormat
{
    public static JsonSerializerOptions Indented { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };
}
