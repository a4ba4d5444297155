using DisruptorStream.Hosting.Health;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting;

/// <summary>Adds the health checks of processors.</summary>
public static class StreamProcessorHealthCheckExtensions
{
    /// <summary>The tag of the checks that tell whether a processor is alive, or has to be started anew.</summary>
    public const string LiveTag = "live";

    /// <summary>The tag of the checks that tell whether a processor does its work in time.</summary>
    public const string ReadyTag = "ready";

    /// <summary>
    /// Adds two checks of a processor or stream: "NAME-live" with the tag <see cref="LiveTag"/>, and "NAME-ready" with
    /// the tag <see cref="ReadyTag"/>.
    /// </summary>
    /// <param name="builder">The host's health checks.</param>
    /// <param name="name">
    /// The processor's name, which may be added later; where the host has none of that name, it does not start.
    /// </param>
    /// <param name="configure">Sets thresholds that are to differ; validated when the host starts.</param>
    /// <param name="tags">Tags that both checks have beside.</param>
    /// <remarks>
    /// Live is unhealthy where the processor has failed or was stopped. Ready is unhealthy too where it does not run,
    /// or a sink fails again and again; it is degraded where too many events are dropped, too many windows are open,
    /// results are late, or the watermark stands. Of a stream, drops, windows and sinks are judged
    /// by query, and the text names the query. While a durable processor recovers, live is healthy, and ready is
    /// unhealthy and says how far it has come. A check costs some microseconds and holds no thread up.
    /// </remarks>
    public static IHealthChecksBuilder AddStreamProcessor(
        this IHealthChecksBuilder builder,
        string name,
        Action<ProcessorHealthOptions>? configure = null,
        params IEnumerable<string> tags)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(tags);
        var options = builder.Services.AddOptions<ProcessorHealthOptions>(name).ValidateOnStart();
        if (configure is not null)
            options.Configure(configure);
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<ProcessorHealthOptions>, ProcessorHealthOptionsValidator>());
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<ProcessorHealthOptions>, ProcessorNameValidator>());
        builder.Services.AddKeyedSingleton(name, (services, _) => new ProcessorHealth(
            services.GetRequiredKeyedService<HostedProcessor>(name),
            services.GetRequiredService<IOptionsMonitor<ProcessorHealthOptions>>().Get(name),
            services.GetService<TimeProvider>() ?? TimeProvider.System));
        return builder
            .Add(new HealthCheckRegistration(
                $"{name}-{LiveTag}",
                services => new ProcessorLiveCheck(services.GetRequiredKeyedService<HostedProcessor>(name)),
                failureStatus: null,
                [LiveTag, .. tags]))
            .Add(new HealthCheckRegistration(
                $"{name}-{ReadyTag}",
                services => new ProcessorReadyCheck(services.GetRequiredKeyedService<ProcessorHealth>(name)),
                failureStatus: null,
                [ReadyTag, .. tags]));
    }
}
