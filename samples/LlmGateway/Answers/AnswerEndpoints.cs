using System.Runtime.CompilerServices;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Emission.Views;
using DisruptorStream.Streams;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LlmGateway.Answers;

/// <summary>Shows the answers as JSON, each under the name of its question.</summary>
internal static class AnswerEndpoints
{
    private static readonly ResultReaderOptions ForAPage = new()
    {
        Capacity = 100,
        WhenFull = ResultReaderFullMode.DropOldest,
    };

    public static void MapAnswers(this IEndpointRouteBuilder app)
    {
        app.MapGet("/api/models", ([FromKeyedServices("calls/models")] LatestResults<string> latest) =>
            latest.Read<ModelRow>().OrderBy(row => row.Model, StringComparer.Ordinal));
        app.MapGet("/api/models/history", (Recent<ModelRow, string> recent) => recent.Read());
        app.MapGet("/api/models/live", ReadModels);
        app.MapGet("/api/errors", ([FromKeyedServices("calls/errors")] LatestResults<string> latest) =>
            latest.Read<ErrorRow>().OrderBy(row => row.Model, StringComparer.Ordinal));
        app.MapGet("/api/tenants", ([FromKeyedServices("calls/tenants")] LatestResults<string> latest) =>
            latest.Read<TenantRow>().OrderBy(row => row.Tenant, StringComparer.Ordinal).ThenBy(row => row.Minutes));
        app.MapGet("/api/sessions", ([FromKeyedServices("calls/sessions")] LatestResults<(string, string)> latest) =>
            latest.Read<SessionRow>().OrderByDescending(row => row.End).ThenBy(row => row.Start).Take(100));
        app.MapGet("/api/spenders", ([FromKeyedServices("calls/spenders")] LatestResults<(string, string)> latest) =>
            latest.Read<SpenderRow>().OrderBy(row => row.Tenant, StringComparer.Ordinal).ThenBy(row => row.Rank));
        app.MapGet("/api/alerts", (Recent<AlertRow, string> recent) => recent.Read());
    }

    /// <summary>Each page has a reader of its own, which gives up old rows rather than hold the stream.</summary>
    private static ServerSentEventsResult<ModelRow> ReadModels(
        [FromKeyedServices("calls/models")] StreamQuery<string> models,
        IHostApplicationLifetime host,
        CancellationToken cancelled) =>
        TypedResults.ServerSentEvents(ReadModelsAsync(models, host.ApplicationStopping, cancelled));

    private static async IAsyncEnumerable<ModelRow> ReadModelsAsync(
        StreamQuery<string> models, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancelled)
    {
        using var reader = models.CreateResultReader(ForAPage);

        // Ends the page's request when the host stops, which waits for it otherwise.
        using var end = stopping.Register(reader.Dispose);
        await foreach (var row in reader.ReadAllAsync(models.BindResults<ModelRow>(), cancelled))
            yield return row;
    }
}
