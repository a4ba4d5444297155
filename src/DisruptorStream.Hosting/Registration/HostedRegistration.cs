using DisruptorStream.Emission.Views;
using DisruptorStream.Hosting.Durable;
using DisruptorStream.Hosting.Results;
using DisruptorStream.Hosting.Streams;
using DisruptorStream.Hosting.Validation;
using DisruptorStream.Ingest;
using DisruptorStream.Streams;
using DisruptorStream.Topology.Queries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Registration;

/// <summary>Puts processors and streams, and what belongs to them, into a host's services.</summary>
internal static class HostedRegistration
{
    /// <exception cref="ArgumentException">Another processor has the name.</exception>
    public static void Add<TEvent, TKey>(IServiceCollection services, HostedDefinition<TEvent, TKey> definition)
        where TKey : notnull
    {
        var name = definition.Name;
        AddHosted(
            services,
            name,
            provider => provider.GetRequiredKeyedService<HostedPipeline<TEvent, TKey>>(name).Start);
        AddWindows(services, name).ValidateOnStart();
        services.AddKeyedSingleton(name, (provider, _) => new HostedPipeline<TEvent, TKey>(definition, provider));
        AddNamed(services, name, provider => provider
            .GetRequiredKeyedService<HostedPipeline<TEvent, TKey>>(name).Build());
        AddNamed(services, name, provider => provider
            .GetRequiredKeyedService<StreamProcessor<TEvent, TKey>>(name).CreateEventPublisher(name));
        AddNamed(services, name, provider => provider
            .GetRequiredKeyedService<StreamProcessor<TEvent, TKey>>(name).ReadResultsAsync());
        AddEngine(services, name, provider =>
        {
            var processor = provider.GetRequiredKeyedService<StreamProcessor<TEvent, TKey>>(name);
            var delivery = (DeliveryParts<TKey>)processor.Parts.Queries[0].Delivery;
            return new BuiltProcessor(
                processor, [new HostedResults<TKey>(name, processor, delivery, definition.Reader?.Invoke(provider))]);
        });
        AddPublisher<TEvent>(services, name);
    }

    /// <exception cref="ArgumentException">Another processor has the name.</exception>
    public static void AddStream<TEvent>(IServiceCollection services, HostedStreamDefinition<TEvent> definition)
    {
        var name = definition.Name;
        AddHosted(
            services, name, provider => provider.GetRequiredKeyedService<HostedStreamPipeline<TEvent>>(name).Start);
        services.AddKeyedSingleton(name, (provider, _) => new HostedStreamPipeline<TEvent>(definition, provider));
        AddNamed(services, name, provider => provider
            .GetRequiredKeyedService<HostedStreamPipeline<TEvent>>(name).Build());
        AddNamed(services, name, provider => provider
            .GetRequiredKeyedService<EventStream<TEvent>>(name).CreateEventPublisher(name));
        AddEngine(services, name, provider =>
        {
            var stream = provider.GetRequiredKeyedService<EventStream<TEvent>>(name);
            var pipeline = provider.GetRequiredKeyedService<HostedStreamPipeline<TEvent>>(name);
            return new BuiltProcessor(stream, pipeline.ResultsOf(stream));
        });
        AddPublisher<TEvent>(services, name);
    }

    /// <summary>Adds the results of a query, by the name "stream/query".</summary>
    public static void AddQuery<TEvent, TKey>(IServiceCollection services, string stream, string query)
        where TKey : notnull
    {
        var name = $"{stream}/{query}";

        // They are validated with the options of the stream, which start from its queries.
        AddWindows(services, name);
        AddNamed(services, name, provider => provider
            .GetRequiredKeyedService<EventStream<TEvent>>(stream).Query<TKey>(query));
        AddNamed(services, name, provider => provider
            .GetRequiredKeyedService<StreamQuery<TKey>>(name).ReadResultsAsync());
    }

    /// <summary>Adds a view of the newest results.</summary>
    /// <exception cref="InvalidOperationException">There is one of the name.</exception>
    public static void AddLatest<TKey>(IServiceCollection services, string name, LatestResultsOptions? options)
        where TKey : notnull
    {
        foreach (var service in services)
        {
            if (service.ServiceType == typeof(LatestResults<TKey>) && service.IsKeyedService
                && name.Equals(service.ServiceKey))
            {
                throw new InvalidOperationException(
                    $"The newest results of '{name}' are kept already; call KeepLatest once.");
            }
        }

        AddNamed(services, name, _ => new LatestResults<TKey>(options ?? new LatestResultsOptions()));
    }

    /// <summary>Options, their validation, and the service that starts and drains.</summary>
    private static void AddHosted(
        IServiceCollection services,
        string name,
        Func<IServiceProvider, HostedStart> start)
    {
        foreach (var service in services)
        {
            if (service.ServiceType == typeof(HostedProcessor) && service.IsKeyedService
                && name.Equals(service.ServiceKey))
            {
                throw new ArgumentException(
                    $"The host has a processor '{name}' already; give this one another name.", nameof(name));
            }
        }

        services.AddLogging();
        services.AddMetrics();
        services.AddOptions<HostedProcessorOptions>(name).ValidateOnStart();

        // Ahead of all else that configures the options, also for all names at once: they start from the pipeline's.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<HostedProcessorOptions>>(provider =>
            new ConfigureNamedOptions<HostedProcessorOptions>(name, options =>
            {
                var said = start(provider);
                options.StartFrom(said.Options, said.Watermarks);
                if (said.Durable is { } durable)
                    options.Durability.StartFrom(durable.Directory, durable.Options);
                if (said.Recorder is { } recorder)
                    options.FlightRecorder.StartFrom(recorder.DumpDirectory, recorder.Options);
                options.Sources.StartFrom(said.Sources);
            })));
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<HostedProcessorOptions>, HostedProcessorOptionsValidator>());
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<HostedProcessorOptions>, HostedSourcesValidator>());
        services.AddSingleton<IHostedService>(provider => new HostedProcessorService(name, provider));
    }

    /// <summary>Adds what the host sees of it: it can be asked before the processor is built.</summary>
    private static void AddEngine(
        IServiceCollection services, string name, Func<IServiceProvider, BuiltProcessor> build)
    {
        services.AddKeyedSingleton(name, (_, _) => new RecoveryWatch());
        AddNamed<HostedProcessor>(services, name, provider => new HostedEngine(
            name, () => build(provider), provider.GetRequiredKeyedService<RecoveryWatch>(name)));
    }

    /// <summary>Adds the way to a publisher that does not wait for it in a constructor.</summary>
    private static void AddPublisher<TEvent>(IServiceCollection services, string name) =>
        AddNamed(services, name, provider => new HostedPublisher<TEvent>(
            provider.GetRequiredKeyedService<HostedProcessor>(name),
            () => provider.GetRequiredKeyedService<EventPublisher<TEvent>>(name)));

    /// <summary>The windows that the options name, by the processor's name or by "stream/query".</summary>
    private static OptionsBuilder<HostedQueryOptions> AddWindows(IServiceCollection services, string name)
    {
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<HostedQueryOptions>, HostedQueryOptionsValidator>());
        return services.AddOptions<HostedQueryOptions>(name);
    }

    /// <summary>Adds a service under the processor's name, and without one for where there is one only.</summary>
    private static void AddNamed<TService>(
        IServiceCollection services, string name, Func<IServiceProvider, TService> create)
        where TService : class
    {
        services.AddKeyedSingleton(name, (provider, _) => create(provider));
        services.AddSingleton(new NamedService<TService>(name));
        services.TryAddSingleton(NamedService<TService>.Only);
    }
}
