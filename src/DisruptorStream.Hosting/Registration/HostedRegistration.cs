using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Registration;

/// <summary>Puts a processor, and what belongs to it, into a host's services.</summary>
internal static class HostedRegistration
{
    public static void Add<TEvent, TKey>(IServiceCollection services, HostedDefinition<TEvent, TKey> definition)
        where TKey : notnull
    {
        var name = definition.Name;
        foreach (var service in services)
        {
            if (service.ServiceType == typeof(HostedProcessor) && service.IsKeyedService
                && name.Equals(service.ServiceKey))
            {
                throw new ArgumentException(
                    $"The host has a processor '{name}' already; give this one another name.", nameof(definition));
            }
        }

        services.AddLogging();
        services.AddMetrics();
        services.AddOptions<HostedProcessorOptions>(name).ValidateOnStart();

        // Ahead of all else that configures the options, also for all names at once: they start from the pipeline's.
        services.Insert(0, ServiceDescriptor.Singleton<IConfigureOptions<HostedProcessorOptions>>(provider =>
            new ConfigureNamedOptions<HostedProcessorOptions>(name, options =>
            {
                var pipeline = provider.GetRequiredKeyedService<HostedPipeline<TEvent, TKey>>(name);
                options.StartFrom(pipeline.Options, pipeline.Watermarks);
            })));
        services.AddKeyedSingleton(name, (provider, _) => new HostedPipeline<TEvent, TKey>(definition, provider));
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<HostedProcessorOptions>, HostedProcessorOptionsValidator>());

        AddNamed(services, name, provider => provider
            .GetRequiredKeyedService<HostedPipeline<TEvent, TKey>>(name).Build());
        AddNamed(services, name, provider => provider
            .GetRequiredKeyedService<StreamProcessor<TEvent, TKey>>(name).CreateEventPublisher(name));
        AddNamed(services, name, provider => provider
            .GetRequiredKeyedService<StreamProcessor<TEvent, TKey>>(name).ReadResultsAsync());
        AddNamed<HostedProcessor>(services, name, provider => new HostedProcessor<TEvent, TKey>(definition, provider));
        services.AddSingleton<IHostedService>(provider => new HostedProcessorService(name, provider));
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
