using DisruptorStream.Hosting;
using DisruptorStream.Monitoring;
using DisruptorStream.Watermarks;
using LlmGateway;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using OpenTelemetry.Metrics;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<ModelBackend>();
builder.Services.AddSingleton<Dashboard>();
builder.Services.AddSingleton<Gateway>();
builder.Services.AddHostedService<Traffic>();

builder.Services.AddStreamProcessor<ModelCall>("calls", b => b
    .Pipeline((calls, services) => calls
        .KeyBy(call => call.Model)
        .EventTime(call => call.Completed)
        .Measure("latency", call => call.Milliseconds)
        .Measure("tokens", call => call.Tokens)
        .SlidingWindows(size: TimeSpan.FromSeconds(5), slide: TimeSpan.FromSeconds(1))
        .Watermarks(new WatermarkOptions
        {
            // A call is published as soon as it is over; one that takes longer than this to get there may be late.
            MaxOutOfOrderness = TimeSpan.FromSeconds(1),

            // So windows end without a further call too.
            AdvanceWhenQuiet = TimeSpan.FromSeconds(1),
        })
        .Aggregate(a => a
            .Count("calls")
            .Sum("tokens")
            .Percentile("p50", 50, "latency")
            .Percentile("p95", 95, "latency")
            .Percentile("p99", 99, "latency"))
        .To(services.GetRequiredService<Dashboard>())
        .To(new WindowMonitor<string>(
            "p95",
            services.GetRequiredService<Dashboard>().OnScore,
            new WindowMonitorOptions { Threshold = 4, WarmUp = 20 })))
    .BindConfiguration("Processors:calls"));

builder.Services.AddHealthChecks().AddStreamProcessor("calls");
builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
    .AddMeter("DisruptorStream", "Microsoft.AspNetCore.Hosting")
    .AddPrometheusExporter());

var app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.MapPost("/v1/completions", CompleteAsync);
app.MapGet("/api/models", (Dashboard dashboard) => dashboard.Read());
app.MapHealthChecks("/health/live", Checks(StreamProcessorHealthCheckExtensions.LiveTag));
app.MapHealthChecks("/health/ready", Checks(StreamProcessorHealthCheckExtensions.ReadyTag));
app.MapPrometheusScrapingEndpoint();
await app.RunAsync();

static async Task<IResult> CompleteAsync(CompletionRequest? request, Gateway gateway, CancellationToken cancelled)
{
    if (request is not { Model: { } model, Prompt: { } prompt })
    {
        var missing = request?.Model is null ? "model" : "prompt";
        return Results.BadRequest(new { Error = $"The request has no \"{missing}\"; it needs a model and a prompt." });
    }

    if (!ModelBackend.Has(model))
        return Results.NotFound(new { Error = "There is no such model.", Models = ModelBackend.Names });
    return Results.Ok(await gateway.CompleteAsync(model, prompt, cancelled));
}

static HealthCheckOptions Checks(string tag) => new()
{
    Predicate = check => check.Tags.Contains(tag),
    ResponseWriter = HealthResponse.WriteAsync,
};
