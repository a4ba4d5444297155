using DisruptorStream.Building;
using DisruptorStream.Hosting.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace DisruptorStream.Hosting;

/// <summary>The step that says what a hosted processor computes, in the steps of the engine's builder.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
public sealed class HostedEventsStep<TEvent>
{
    private readonly IServiceCollection _services;
    private readonly string _name;

    internal HostedEventsStep(IServiceCollection services, string name)
    {
        _services = services;
        _name = name;
    }

    /// <summary>Says what is computed, as after <see cref="StreamProcessorBuilder.For{TEvent}"/>.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <param name="pipeline">
    /// From the events to the last step but <c>Build</c>. Called when the processor
    /// is built, which is at the latest when the host starts.
    /// </param>
    /// <remarks>
    /// Options that the steps set count unless the host's configuration or code sets them too. Logger, meters and,
    /// where the container has one, clock are the host's unless the steps set them. The name is the host's: a step that
    /// gives another one is an error.
    /// </remarks>
    /// <exception cref="ArgumentException">Another processor of the host has this name.</exception>
    public HostedProcessorStep<TEvent, TKey> Pipeline<TKey>(
        Func<TypedEventsStep<TEvent>, BuildStep<TEvent, TKey>> pipeline)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return Pipeline((events, _) => pipeline(events));
    }

    /// <summary>Says what is computed, with the host's services at hand: sinks and code of your own.</summary>
    /// <typeparam name="TKey">The type of the keys.</typeparam>
    /// <param name="pipeline">As of the other overload, with the host's services.</param>
    /// <exception cref="ArgumentException">Another processor of the host has this name.</exception>
    public HostedProcessorStep<TEvent, TKey> Pipeline<TKey>(
        Func<TypedEventsStep<TEvent>, IServiceProvider, BuildStep<TEvent, TKey>> pipeline)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var definition = new HostedDefinition<TEvent, TKey>(_name, pipeline);
        HostedRegistration.Add(_services, definition);
        return new HostedProcessorStep<TEvent, TKey>(_services, definition);
    }
}
