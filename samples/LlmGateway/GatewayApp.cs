using DisruptorStream.Hosting;
using LlmGateway.Answers;
using LlmGateway.Calls;
using LlmGateway.Demo;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;

namespace LlmGateway;

/// <summary>The web application: the calls come in here, and the answers go out.</summary>
internal static class GatewayApp
{
    /// <param name="args">The command line.</param>
    /// <param name="clock">The clock of calls and windows.</param>
    public static WebApplication Create(string[] args, TimeProvider clock)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton<ModelBackend>();
        builder.Services.AddSingleton<Gateway>();
        builder.Services.AddHostedService<Traffic>();
        builder.Services.AddCallStream();
        builder.Services.AddHealthChecks().AddStreamProcessor("calls");
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter("DisruptorStream", "Microsoft.AspNetCore.Hosting")
            .AddPrometheusExporter());

        var app = builder.Build();
        app.UseDefaultFiles();
        app.UseStaticFiles();
        app.MapPost("/v1/completions", CompleteAsync);
        app.MapPost("/v1/calls", Report);
        app.MapAnswers();
        app.MapHealthChecks("/health/live", Checks(StreamProcessorHealthCheckExtensions.LiveTag));
        app.MapHealthChecks("/health/ready", Checks(StreamProcessorHealthCheckExtensions.ReadyTag));
        app.MapPrometheusScrapingEndpoint();
        return app;
    }

    private static async Task<IResult> CompleteAsync(
        CompletionRequest? request, Gateway gateway, CancellationToken cancelled)
    {
        if (request is not { Model: { } model, Prompt: { } prompt })
        {
            var missing = request?.Model is null ? "model" : "prompt";
            return Results.BadRequest(
                new { Error = $"The request has no \"{missing}\"; it needs a model and a prompt." });
        }

        if (!ModelBackend.Has(model))
            return Results.NotFound(new { Error = "There is no such model.", Models = ModelBackend.Names });
        var answer = await gateway.CompleteAsync(
            model, prompt, request.Tenant ?? "public", request.User ?? "guest", cancelled);
        return Results.Json(answer, statusCode: answer.Status);
    }

    /// <summary>Takes calls that were made elsewhere: they are asked about with all others.</summary>
    private static IResult Report(ModelCall[] calls, Gateway gateway)
    {
        var published = 0;
        foreach (var call in calls)
            published += gateway.Publish(in call) ? 1 : 0;
        return Results.Json(new { Published = published }, statusCode: StatusCodes.Status202Accepted);
    }

    private static HealthCheckOptions Checks(string tag) => new()
    {
        Predicate = check => check.Tags.Contains(tag),
        ResponseWriter = HealthResponse.WriteAsync,
    };
}
