using Microsoft.Extensions.DependencyInjection;

namespace DisruptorStream.Hosting;

/// <summary>Adds processors to a host's services.</summary>
public static class StreamProcessorServiceExtensions
{
    /// <summary>Adds a processor that the host starts before its other services and drains after them.</summary>
    /// <typeparam name="TEvent">The host's own type of event.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="name">
    /// Its name among the host's processors, by which the container tells its services apart, and which logs, metrics
    /// and messages show.
    /// </param>
    /// <param name="build">Says what the processor does. Called once, now.</param>
    /// <remarks>
    /// The container then has, keyed by the name, <see cref="Ingest.EventPublisher{TEvent}"/>,
    /// <see cref="StreamProcessor{TEvent, TKey}"/>, the results as an <see cref="IAsyncEnumerable{T}"/> of
    /// <see cref="Emission.WindowResult{TKey}"/>, and <see cref="HostedProcessor"/>; without a key too, where there is
    /// one of the type. They are singletons, made when first asked for.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty, or another processor has it.</exception>
    public static IServiceCollection AddStreamProcessor<TEvent>(
        this IServiceCollection services, string name, Func<HostedEventsStep<TEvent>, HostedProcessorStep> build)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(build);
        if (build(new HostedEventsStep<TEvent>(services, name)) is null)
            throw new ArgumentException($"What builds processor '{name}' returned null.", nameof(build));
        return services;
    }
}
