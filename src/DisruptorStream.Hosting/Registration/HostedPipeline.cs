using System.Diagnostics.Metrics;
using DisruptorStream.Building;
using DisruptorStream.Hosting.Durable;
using DisruptorStream.Hosting.Sources;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Registration;

/// <summary>The pipeline of one processor of one host: put together once, built once.</summary>
internal sealed class HostedPipeline<TEvent, TKey>
    where TKey : notnull
{
    private readonly HostedDefinition<TEvent, TKey> _definition;
    private readonly IServiceProvider _services;
    private readonly BuildStep<TEvent, TKey> _step;

    /// <exception cref="ArgumentException">The pipeline gives the processor another name, or is null.</exception>
    public HostedPipeline(HostedDefinition<TEvent, TKey> definition, IServiceProvider services)
    {
        _definition = definition;
        _services = services;
        _step = definition.Pipeline(StreamProcessorBuilder.For<TEvent>(), services) ?? throw new ArgumentException(
            $"The pipeline of processor '{definition.Name}' returned null; return the last step of the builder.",
            nameof(definition));
        if (_step.Name is { } name && !name.Equals(definition.Name, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"The pipeline of processor '{definition.Name}' calls it '{name}'; leave WithName out, or give "
                + "AddStreamProcessor that name.",
                nameof(definition));
        }
    }

    /// <summary>What the pipeline's steps say, which the host's own options start from.</summary>
    public HostedStart Start => new(
        _step.Options,
        _step.Watermarks,
        _step.Definition.Kept.Durable,
        _step.Definition.Kept.Recorder,
        HostedSources.Of(_step.Sources));

    /// <exception cref="OptionsValidationException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">
    /// The host's logger factory returned null, or the pipeline cannot have the windows that the options name.
    /// </exception>
    public StreamProcessor<TEvent, TKey> Build()
    {
        var name = _definition.Name;
        var options = _services.GetRequiredService<IOptionsMonitor<HostedProcessorOptions>>().Get(name);
        var step = _step;
        foreach (var extension in _definition.Extensions)
            step = extension(step, _services);
        step = HostedWindows.Apply(step, name, _services)
            .WithName(name)
            .WithOptions(options.ToEngine())
            .WithWatermarks(options.ToEngine(step.Watermarks))
            .DurableIn(HostedDurability.Of(options, step.Definition.Kept.Durable, name, _services))
            .RecordTo(HostedFlightRecorder.Of(options, step.Definition.Kept.Recorder, name, _services))
            .WithSources(options.Sources.Apply(step.Sources));
        if (step.Logger is null)
            step = step.WithLogger(HostServices.LoggerOf(_services, name));
        if (step.MeterFactory is null)
            step = step.WithMeterFactory(_services.GetRequiredService<IMeterFactory>());
        if (step.TimeProvider is null && _services.GetService<TimeProvider>() is { } timeProvider)
            step = step.WithTimeProvider(timeProvider);
        try
        {
            return step.Build();
        }
        catch (ArgumentException wrong) when (HostedWindows.ChangesOf(name, _services) is { } changes)
        {
            throw HostedWindows.Unfit(changes, wrong);
        }
    }
}
