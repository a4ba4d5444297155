using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Views;
using DisruptorStream.Hosting.Registration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting;

/// <summary>The step that says what a hosted processor gets from the host: options, sinks, readers.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed class HostedProcessorStep<TEvent, TKey> : HostedProcessorStep
    where TKey : notnull
{
    private readonly IServiceCollection _services;
    private readonly HostedDefinition<TEvent, TKey> _definition;

    internal HostedProcessorStep(IServiceCollection services, HostedDefinition<TEvent, TKey> definition)
    {
        _services = services;
        _definition = definition;
    }

    private OptionsBuilder<HostedProcessorOptions> Options =>
        new(_services, _definition.Name);

    /// <summary>Sets options in code. Runs in its order among the other calls; the last one counts.</summary>
    /// <param name="configure">Sets what is to differ.</param>
    public HostedProcessorStep<TEvent, TKey> Configure(Action<HostedProcessorOptions> configure)
    {
        Options.Configure(configure);
        return this;
    }

    /// <summary>Reads options from the host's configuration.</summary>
    /// <param name="sectionPath">Such as "Processors:calls"; its keys are named as the options are.</param>
    /// <param name="optional">
    /// Whether the section may be missing, and then changes nothing. Default false: a missing section keeps the host
    /// from starting.
    /// </param>
    /// <remarks>
    /// Read once, at start; a key that is no option, and a value that is none, keep the host from starting. The options
    /// are those of <see cref="HostedProcessorOptions"/> and of <see cref="HostedQueryOptions"/>.
    /// </remarks>
    public HostedProcessorStep<TEvent, TKey> BindConfiguration(string sectionPath, bool optional = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sectionPath);
        var name = _definition.Name;
        Options.Configure<IConfiguration>((options, configuration) =>
            ConfigurationReader.Read(name, configuration, sectionPath, optional, options));
        _services.AddOptions<HostedQueryOptions>(name).Configure<IConfiguration>((options, configuration) =>
            ConfigurationReader.ReadWindows(name, configuration.GetSection(sectionPath), options));
        return this;
    }

    /// <summary>Reads options from a section.</summary>
    /// <param name="section">Its keys are named as the options are.</param>
    /// <inheritdoc cref="BindConfiguration(string, bool)" path="/remarks"/>
    public HostedProcessorStep<TEvent, TKey> BindConfiguration(IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        var name = _definition.Name;
        Options.Configure(options => ConfigurationReader.Read(name, section, options));
        _services.AddOptions<HostedQueryOptions>(name)
            .Configure(options => ConfigurationReader.ReadWindows(name, section, options));
        return this;
    }

    /// <summary>Adds a sink of the container; a singleton, unless it is registered otherwise.</summary>
    /// <typeparam name="TSink">Its type.</typeparam>
    /// <param name="policy">What happens when it throws. Default <see cref="SinkFailurePolicy.Stop"/>.</param>
    [SuppressMessage(
        "ApiDesign", "RS0027", Justification = "The overloads take other sinks, told apart by their types.")]
    public HostedProcessorStep<TEvent, TKey> To<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(
        SinkFailurePolicy? policy = null)
        where TSink : class, IResultSink<TKey>
    {
        _services.TryAddSingleton<TSink>();
        _definition.Extend((step, services) => step.To(services.GetRequiredService<TSink>(), policy));
        return this;
    }

    /// <summary>Adds an asynchronous sink of the container; a singleton, unless it is registered otherwise.</summary>
    /// <typeparam name="TSink">Its type.</typeparam>
    public HostedProcessorStep<TEvent, TKey> To<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>()
        where TSink : class, IAsyncResultSink<TKey> => To<TSink>(new AsyncSinkOptions());

    /// <inheritdoc cref="To{TSink}()"/>
    /// <param name="options">Sizes and delays of its batches, and what happens when it fails.</param>
    public HostedProcessorStep<TEvent, TKey> To<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(
        AsyncSinkOptions options)
        where TSink : class, IAsyncResultSink<TKey>
    {
        ArgumentNullException.ThrowIfNull(options);
        _services.TryAddSingleton<TSink>();
        _definition.Extend((step, services) => step.To(services.GetRequiredService<TSink>(), options));
        return this;
    }

    /// <summary>Adds an asynchronous sink of the container by its name: where there are several of a type.</summary>
    /// <typeparam name="TSink">Its type.</typeparam>
    /// <param name="name">Its name: the key with which it is registered (<c>AddKeyedSingleton</c>).</param>
    /// <param name="options">Sizes and delays of its batches, and what happens when it fails.</param>
    /// <remarks>A name that the container does not have keeps the host from starting.</remarks>
    public HostedProcessorStep<TEvent, TKey> To<TSink>(string name, AsyncSinkOptions options)
        where TSink : class, IAsyncResultSink<TKey>
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options);
        _definition.Extend((step, services) => step.To(NamedSink.Of<TSink>(services, name), options));
        return this;
    }

    /// <summary>Adds a sink of the container for the events that entered no window.</summary>
    /// <inheritdoc cref="To{TSink}(SinkFailurePolicy)"/>
    public HostedProcessorStep<TEvent, TKey> DroppedEventsTo<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(
        SinkFailurePolicy? policy = null)
        where TSink : class, IDroppedEventSink<TKey>
    {
        _services.TryAddSingleton<TSink>();
        _definition.Extend((step, services) => step.DroppedEventsTo(services.GetRequiredService<TSink>(), policy));
        return this;
    }

    /// <summary>Keeps the newest pane of each key, for a page or a question now and then.</summary>
    /// <param name="options">How many panes are kept, and whether for each length of windows. Default 10,000.</param>
    /// <remarks>
    /// The container then has the <see cref="LatestResults{TKey}"/>, keyed by the processor's name, and without a key
    /// where there is one of the type.
    /// </remarks>
    /// <exception cref="InvalidOperationException">They are kept already.</exception>
    public HostedProcessorStep<TEvent, TKey> KeepLatest(LatestResultsOptions? options = null)
    {
        var name = _definition.Name;
        HostedRegistration.AddLatest<TKey>(_services, name, options);
        _definition.Extend((step, services) => step.To(services.GetRequiredKeyedService<LatestResults<TKey>>(name)));
        return this;
    }

    /// <summary>
    /// Has a service of the container read the results, from before the first event until all are read: the host waits
    /// for it after the drain.
    /// </summary>
    /// <typeparam name="TReader">Its type. One for a processor, for each result goes to one reader.</typeparam>
    /// <exception cref="InvalidOperationException">The processor has a reader already.</exception>
    public HostedProcessorStep<TEvent, TKey> ReadBy<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TReader>()
        where TReader : class, IResultReader<TKey>
    {
        if (_definition.Reader is not null)
        {
            throw new InvalidOperationException(
                $"Processor '{_definition.Name}' has a reader already; each result goes to one reader, so add sinks.");
        }

        _services.TryAddSingleton<TReader>();
        _definition.Reader = services => services.GetRequiredService<TReader>();
        return this;
    }
}
