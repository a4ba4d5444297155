using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Views;
using DisruptorStream.Hosting.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DisruptorStream.Hosting.Streams;

/// <summary>The step that says where the results of a query go: sinks and a reader of the container.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <typeparam name="TKey">The type of the query's keys.</typeparam>
public sealed class HostedQueryOutputs<TEvent, TKey>
    where TKey : notnull
{
    private readonly IServiceCollection _services;
    private readonly string _stream;
    private readonly HostedOutputs<TEvent, TKey> _outputs;

    internal HostedQueryOutputs(IServiceCollection services, string stream, HostedOutputs<TEvent, TKey> outputs)
    {
        _services = services;
        _stream = stream;
        _outputs = outputs;
    }

    /// <summary>Adds a sink of the container; a singleton, unless it is registered otherwise.</summary>
    /// <typeparam name="TSink">Its type.</typeparam>
    /// <param name="policy">What happens when it throws. Default <see cref="SinkFailurePolicy.Stop"/>.</param>
    [SuppressMessage(
        "ApiDesign", "RS0027", Justification = "The overloads take other sinks, told apart by their types.")]
    public HostedQueryOutputs<TEvent, TKey> To<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(
        SinkFailurePolicy? policy = null)
        where TSink : class, IResultSink<TKey>
    {
        _services.TryAddSingleton<TSink>();
        _outputs.Sinks.Add((step, services) => step.To(services.GetRequiredService<TSink>(), policy));
        return this;
    }

    /// <summary>Adds an asynchronous sink of the container; a singleton, unless it is registered otherwise.</summary>
    /// <typeparam name="TSink">Its type.</typeparam>
    public HostedQueryOutputs<TEvent, TKey> To<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>()
        where TSink : class, IAsyncResultSink<TKey> => To<TSink>(new AsyncSinkOptions());

    /// <inheritdoc cref="To{TSink}()"/>
    /// <param name="options">Sizes and delays of its batches, and what happens when it fails.</param>
    public HostedQueryOutputs<TEvent, TKey> To<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(
        AsyncSinkOptions options)
        where TSink : class, IAsyncResultSink<TKey>
    {
        ArgumentNullException.ThrowIfNull(options);
        _services.TryAddSingleton<TSink>();
        _outputs.Sinks.Add((step, services) => step.To(services.GetRequiredService<TSink>(), options));
        return this;
    }

    /// <summary>Adds an asynchronous sink of the container by its name: where there are several of a type.</summary>
    /// <typeparam name="TSink">Its type.</typeparam>
    /// <param name="name">Its name: the key with which it is registered (<c>AddKeyedSingleton</c>).</param>
    /// <param name="options">Sizes and delays of its batches, and what happens when it fails.</param>
    /// <remarks>A name that the container does not have keeps the host from starting.</remarks>
    public HostedQueryOutputs<TEvent, TKey> To<TSink>(string name, AsyncSinkOptions options)
        where TSink : class, IAsyncResultSink<TKey>
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(options);
        _outputs.Sinks.Add((step, services) => step.To(NamedSink.Of<TSink>(services, name), options));
        return this;
    }

    /// <summary>Adds a sink of the container for the events of the query that entered no window.</summary>
    /// <inheritdoc cref="To{TSink}(SinkFailurePolicy)"/>
    public HostedQueryOutputs<TEvent, TKey> DroppedEventsTo<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TSink>(
        SinkFailurePolicy? policy = null)
        where TSink : class, IDroppedEventSink<TKey>
    {
        _services.TryAddSingleton<TSink>();
        _outputs.Sinks.Add((step, services) => step.DroppedEventsTo(services.GetRequiredService<TSink>(), policy));
        return this;
    }

    /// <summary>Keeps the newest pane of each key, for a page or a question now and then.</summary>
    /// <param name="options">How many panes are kept, and whether for each length of windows. Default 10,000.</param>
    /// <remarks>
    /// The container then has the <see cref="LatestResults{TKey}"/>, keyed by "stream/query", and without a key where
    /// there is one of the type.
    /// </remarks>
    /// <exception cref="InvalidOperationException">They are kept already.</exception>
    public HostedQueryOutputs<TEvent, TKey> KeepLatest(LatestResultsOptions? options = null)
    {
        var name = $"{_stream}/{_outputs.Query}";
        HostedRegistration.AddLatest<TKey>(_services, name, options);
        _outputs.Sinks.Add((step, services) => step.To(services.GetRequiredKeyedService<LatestResults<TKey>>(name)));
        return this;
    }

    /// <summary>
    /// Has a service of the container read the query's results, from before the first event until all are read: the
    /// host waits for it after the drain.
    /// </summary>
    /// <typeparam name="TReader">Its type. One for a query, for each result goes to one reader.</typeparam>
    /// <exception cref="InvalidOperationException">A reader was given already.</exception>
    public HostedQueryOutputs<TEvent, TKey> ReadBy<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TReader>()
        where TReader : class, IResultReader<TKey>
    {
        if (_outputs.Reader is not null)
        {
            throw new InvalidOperationException(
                $"The query '{_outputs.Query}' has a reader already; each result goes to one reader, so add sinks.");
        }

        _services.TryAddSingleton<TReader>();
        _outputs.Reader = services => services.GetRequiredService<TReader>();
        return this;
    }
}
