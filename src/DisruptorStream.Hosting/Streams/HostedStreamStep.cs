using DisruptorStream.Building.Streams;
using DisruptorStream.Hosting.Registration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Streams;

/// <summary>The step that adds to a hosted stream: queries, where their results go, settings and options.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <remarks>Queries stand in the order of registration. All names are checked when the host starts.</remarks>
public sealed class HostedStreamStep<TEvent>
{
    private readonly IServiceCollection _services;
    private readonly string _name;
    private readonly HostedStreamParts<TEvent> _parts;

    internal HostedStreamStep(IServiceCollection services, string name, HostedStreamParts<TEvent> parts)
    {
        _services = services;
        _name = name;
        _parts = parts;
    }

    private OptionsBuilder<HostedProcessorOptions> Options => new(_services, _name);

    /// <summary>Adds a query.</summary>
    /// <typeparam name="TKey">The type of its keys.</typeparam>
    /// <param name="query">Its name, of its own among the queries of the stream, wherever they are added.</param>
    /// <param name="describe">From the events to the last step. Called when the host starts.</param>
    /// <param name="outputs">Adds sinks of the container, and a reader; null for none.</param>
    /// <remarks>
    /// The container then has, keyed by "stream/query", the <see cref="DisruptorStream.Streams.StreamQuery{TKey}"/> and
    /// its results as an <see cref="IAsyncEnumerable{T}"/>; without a key too, where there is one of the type.
    /// </remarks>
    public HostedStreamStep<TEvent> AddQuery<TKey>(
        string query,
        Func<QueryStep<TEvent>, QueryOutputStep<TEvent, TKey>> describe,
        Action<HostedQueryOutputs<TEvent, TKey>>? outputs = null)
        where TKey : notnull
    {
        ArgumentNullException.ThrowIfNull(describe);
        return AddQuery(query, (_, events) => describe(events), outputs);
    }

    /// <summary>Adds a query, with the host's services at hand: sinks and code of your own.</summary>
    /// <typeparam name="TKey">The type of its keys.</typeparam>
    /// <param name="query">Its name, of its own among the queries of the stream, wherever they are added.</param>
    /// <param name="describe">From the events to the last step. Called when the host starts.</param>
    /// <param name="outputs">Adds sinks of the container, and a reader; null for none.</param>
    public HostedStreamStep<TEvent> AddQuery<TKey>(
        string query,
        Func<IServiceProvider, QueryStep<TEvent>, QueryOutputStep<TEvent, TKey>> describe,
        Action<HostedQueryOutputs<TEvent, TKey>>? outputs = null)
        where TKey : notnull
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(query);
        ArgumentNullException.ThrowIfNull(describe);
        _parts.Queries.Add(new HostedQuery<TEvent, TKey>(query, describe));
        HostedRegistration.AddQuery<TEvent, TKey>(_services, _name, query);
        return outputs is null ? this : AddOutputs(query, outputs);
    }

    /// <summary>Adds outputs to a query, which this or another registration adds before or after.</summary>
    /// <typeparam name="TKey">The type of the query's keys.</typeparam>
    /// <param name="query">The query's name; where there is none of it, the host does not start.</param>
    /// <param name="outputs">Adds sinks of the container, and a reader.</param>
    public HostedStreamStep<TEvent> AddOutputs<TKey>(string query, Action<HostedQueryOutputs<TEvent, TKey>> outputs)
        where TKey : notnull
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(query);
        ArgumentNullException.ThrowIfNull(outputs);
        var added = new HostedOutputs<TEvent, TKey>(query);
        outputs(new HostedQueryOutputs<TEvent, TKey>(_services, _name, added));
        _parts.Outputs.Add(added);
        return this;
    }

    /// <summary>Changes the stream's last step, behind all queries: watermarks, clock, options.</summary>
    /// <param name="change">Gets the step, and returns the one that is to count. Called when the host starts.</param>
    public HostedStreamStep<TEvent> Change(Func<StreamStep<TEvent>, StreamStep<TEvent>> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        _parts.Changes.Add(change);
        return this;
    }

    /// <inheritdoc cref="HostedProcessorStep{TEvent, TKey}.Configure"/>
    public HostedStreamStep<TEvent> Configure(Action<HostedProcessorOptions> configure)
    {
        Options.Configure(configure);
        return this;
    }

    /// <summary>Reads options from the host's configuration.</summary>
    /// <param name="sectionPath">
    /// Such as "Streams:calls"; its keys are named as the options are, and Queries:NAME has the <see
    /// cref="HostedQueryOptions"/> of a query.
    /// </param>
    /// <param name="optional">
    /// Whether the section may be missing, and then changes nothing. Default false: a missing section keeps the host
    /// from starting.
    /// </param>
    /// <remarks>
    /// Read once, at start; a key that is no option or no query, and a value that is none, keep the host from starting.
    /// </remarks>
    public HostedStreamStep<TEvent> BindConfiguration(string sectionPath, bool optional = false)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(sectionPath);
        var name = _name;
        Options.Configure<IConfiguration, IServiceProvider>((options, configuration, services) =>
            ConfigurationReader.Read(
                name, configuration, sectionPath, optional, options, QueriesOf(name, services)));
        _services.AddSingleton<IConfigureOptions<HostedQueryOptions>>(services => new HostedQueryConfiguration(
            name, services.GetRequiredService<IConfiguration>().GetSection(sectionPath)));
        return this;
    }

    private static List<string> QueriesOf(string name, IServiceProvider services)
    {
        var names = new List<string>();
        foreach (var parts in services.GetKeyedServices<HostedStreamParts<TEvent>>(name))
        {
            foreach (var query in parts.Queries)
                names.Add(query.Name);
        }

        return names;
    }
}
