using System.Diagnostics.Metrics;
using DisruptorStream.Building;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Registration;

/// <summary>What is known of a processor when the host's services are put together.</summary>
internal sealed class HostedDefinition<TEvent, TKey>
    where TKey : notnull, IEquatable<TKey>
{
    private readonly List<Func<BuildStep<StreamProcessor<TEvent, TKey>, TKey>, IServiceProvider,
        BuildStep<StreamProcessor<TEvent, TKey>, TKey>>> _extensions = [];

    private readonly Func<TypedEventsStep<TEvent>, IServiceProvider,
        BuildStep<StreamProcessor<TEvent, TKey>, TKey>> _pipeline;

    public HostedDefinition(
        string name,
        Func<TypedEventsStep<TEvent>, IServiceProvider, BuildStep<StreamProcessor<TEvent, TKey>, TKey>> pipeline)
    {
        Name = name;
        _pipeline = pipeline;
    }

    public string Name { get; }

    /// <summary>Finds who reads the results; null for whoever enumerates them.</summary>
    public Func<IServiceProvider, IResultReader<TKey>>? Reader { get; set; }

    /// <summary>Adds to the last step of the builder, in the order of the calls.</summary>
    public void Extend(
        Func<BuildStep<StreamProcessor<TEvent, TKey>, TKey>, IServiceProvider,
            BuildStep<StreamProcessor<TEvent, TKey>, TKey>> extension) => _extensions.Add(extension);

    /// <exception cref="OptionsValidationException">An option is out of range.</exception>
    public StreamProcessor<TEvent, TKey> Build(IServiceProvider services)
    {
        // Options first: where they are wrong, no code of the host runs.
        var options = services.GetRequiredService<IOptionsMonitor<HostedProcessorOptions>>().Get(Name).ToEngine();
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger($"DisruptorStream.{Name}");
        var step = _pipeline(StreamProcessorBuilder.For<TEvent>(), services);
        foreach (var extension in _extensions)
            step = extension(step, services);
        step = step.WithName(Name)
            .WithOptions(options)
            .WithLogger(logger)
            .WithMeterFactory(services.GetRequiredService<IMeterFactory>());
        if (services.GetService<TimeProvider>() is { } timeProvider)
            step = step.WithTimeProvider(timeProvider);
        return step.Build();
    }
}
