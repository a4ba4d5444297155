using DisruptorStream.Emission.Monitoring;
using DisruptorStream.Hosting;
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
        .Watermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromMilliseconds(200) })
        .Aggregate(a => a
            .Count("calls")
            .Sum("tokens", "tokens")
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
app.MapPost("/v1/completions", async (CompletionRequest request, Gateway gateway, CancellationToken cancelled) =>
    ModelBackend.Has(request.Model)
        ? Results.Ok(await gateway.CompleteAsync(request, cancelled))
        : Results.NotFound(new { Error = $"Ask for one of {string.Join(", ", ModelBackend.Names)}." }));
app.MapGet("/api/models", (Dashboard dashboard) => dashboard.Read());
app.MapHealthChecks("/health/live", Checks(StreamProcessorHealthCheckExtensions.LiveTag));
app.MapHealthChecks("/health/ready", Checks(StreamProcessorHealthCheckExtensions.ReadyTag));
app.MapPrometheusScrapingEndpoint();
await app.RunAsync();

static HealthCheckOptions Checks(string tag) => new()
{
    Predicate = check => check.Tags.Contains(tag),
    ResponseWriter = HealthResponse.WriteAsync,
};
