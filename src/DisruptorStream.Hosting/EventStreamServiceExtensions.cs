using DisruptorStream.Building;
using DisruptorStream.Building.Streams;
using DisruptorStream.Hosting.Registration;
using DisruptorStream.Hosting.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting;

/// <summary>Adds streams with several queries to a host's services.</summary>
public static class EventStreamServiceExtensions
{
    /// <summary>Adds a stream that the host starts before its other services and drains after them.</summary>
    /// <typeparam name="TEvent">The host's own type of event.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Its name among the host's processors and streams, as for processors.</param>
    /// <param name="events">Says what events carry: time, measures, keys. Called when the host starts.</param>
    /// <param name="build">Adds queries, outputs, options. Called once, now.</param>
    /// <remarks>
    /// The container then has, keyed by the name, <see cref="Ingest.EventPublisher{TEvent}"/>,
    /// <see cref="DisruptorStream.Streams.EventStream{TEvent}"/> and <see cref="HostedProcessor"/>; without a key too,
    /// where there is one of the type. They are singletons, made when first asked for.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty, or another processor or stream has it.</exception>
    public static IServiceCollection AddEventStream<TEvent>(
        this IServiceCollection services,
        string name,
        Func<IServiceProvider, TypedEventsStep<TEvent>, StreamEventsStep<TEvent>> events,
        Action<HostedStreamStep<TEvent>> build)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(events);
        HostedRegistration.AddStream(services, new HostedStreamDefinition<TEvent>(name, events));
        return Add(services, new StreamTarget(name, typeof(TEvent), IsExtension: false), build);
    }

    /// <summary>
    /// Adds to a stream that another registration makes, before or after: queries, outputs of its queries, options.
    /// </summary>
    /// <typeparam name="TEvent">The type of the stream's events.</typeparam>
    /// <param name="services">The host's services.</param>
    /// <param name="name">The stream's name; where the host has none of it, it does not start.</param>
    /// <param name="build">Adds what is to be added. Called once, now.</param>
    public static IServiceCollection ExtendEventStream<TEvent>(
        this IServiceCollection services, string name, Action<HostedStreamStep<TEvent>> build)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return Add(services, new StreamTarget(name, typeof(TEvent), IsExtension: true), build);
    }

    private static IServiceCollection Add<TEvent>(
        IServiceCollection services, StreamTarget target, Action<HostedStreamStep<TEvent>> build)
    {
        ArgumentNullException.ThrowIfNull(build);
        services.AddOptions<StreamTargetOptions>().ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<StreamTargetOptions>, StreamTargetValidator>());
        services.AddSingleton(target);
        var parts = new HostedStreamParts<TEvent>();
        services.AddKeyedSingleton(target.Stream, parts);
        build(new HostedStreamStep<TEvent>(services, target.Stream, parts));
        return services;
    }
}
