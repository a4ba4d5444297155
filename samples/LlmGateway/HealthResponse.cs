using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LlmGateway;

/// <summary>Writes a health report as JSON, with what is wrong in words.</summary>
internal static class HealthResponse
{
    public static Task WriteAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(new
        {
            Status = report.Status.ToString(),
            Checks = report.Entries.ToDictionary(
                entry => entry.Key,
                entry => new { Status = entry.Value.Status.ToString(), entry.Value.Description, entry.Value.Data }),
        });
}
