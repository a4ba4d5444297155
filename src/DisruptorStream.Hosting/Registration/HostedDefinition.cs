using DisruptorStream.Building;

namespace DisruptorStream.Hosting.Registration;

/// <summary>What is known of a processor when the host's services are put together.</summary>
internal sealed class HostedDefinition<TEvent, TKey>
    where TKey : notnull
{
    private readonly List<Func<BuildStep<TEvent, TKey>, IServiceProvider, BuildStep<TEvent, TKey>>> _extensions = [];

    public HostedDefinition(
        string name,
        Func<TypedEventsStep<TEvent>, IServiceProvider, BuildStep<TEvent, TKey>> pipeline)
    {
        Name = name;
        Pipeline = pipeline;
    }

    public string Name { get; }

    /// <summary>From the events to the last step of the builder.</summary>
    public Func<TypedEventsStep<TEvent>, IServiceProvider, BuildStep<TEvent, TKey>> Pipeline { get; }

    /// <summary>What the host adds to the last step, in the order of the calls.</summary>
    public IReadOnlyList<Func<BuildStep<TEvent, TKey>, IServiceProvider, BuildStep<TEvent, TKey>>> Extensions =>
        _extensions;

    /// <summary>Finds who reads the results; null where the host enumerates them.</summary>
    public Func<IServiceProvider, IResultReader<TKey>>? Reader { get; set; }

    /// <summary>Adds to the last step of the builder, in the order of the calls.</summary>
    public void Extend(
        Func<BuildStep<TEvent, TKey>, IServiceProvider, BuildStep<TEvent, TKey>> extension) =>
        _extensions.Add(extension);
}
