using System.Diagnostics.Metrics;
using DisruptorStream.Building.Streams;
using DisruptorStream.Hosting.Durable;
using DisruptorStream.Hosting.Registration;
using DisruptorStream.Hosting.Results;
using DisruptorStream.Hosting.Sources;
using DisruptorStream.Messages;
using DisruptorStream.Streams;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting.Streams;

/// <summary>
/// A stream of one host, put together once from all that was registered for it, and built once. It checks all names.
/// </summary>
internal sealed class HostedStreamPipeline<TEvent>
{
    private readonly string _name;
    private readonly IServiceProvider _services;
    private readonly List<HostedQuery<TEvent>> _queries = [];
    private readonly List<HostedOutputs> _outputs = [];
    private readonly StreamStep<TEvent> _step;

    /// <exception cref="ArgumentException">A step returned null.</exception>
    /// <exception cref="InvalidOperationException">Names do not fit together, or a query is wrong.</exception>
    public HostedStreamPipeline(HostedStreamDefinition<TEvent> definition, IServiceProvider services)
    {
        _name = definition.Name;
        _services = services;
        var changes = new List<Func<StreamStep<TEvent>, StreamStep<TEvent>>>();
        foreach (var parts in services.GetKeyedServices<HostedStreamParts<TEvent>>(_name))
        {
            _queries.AddRange(parts.Queries);
            _outputs.AddRange(parts.Outputs);
            changes.AddRange(parts.Changes);
        }

        ThrowUnlessNamed();
        var events = definition.Events(services, StreamProcessorBuilder.For<TEvent>()) ?? throw new ArgumentException(
            $"The events of the stream '{_name}' are null; return the step with the last measure or key.",
            nameof(definition));
        StreamStep<TEvent>? step = null;
        foreach (var query in _queries)
            step = Add(query, events, step);
        foreach (var change in changes)
        {
            step = change(step!) ?? throw new ArgumentException(
                $"A change of the stream '{_name}' returned null; return the step that it was given, changed.",
                nameof(definition));
        }

        _step = step!;
        if (_step.Name is { } name && !name.Equals(_name, StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"The stream '{_name}' is called '{name}' by its steps; leave WithName out, or give AddEventStream "
                + "that name.",
                nameof(definition));
        }
    }

    /// <summary>What the steps say, which the host's own options start from.</summary>
    public HostedStart Start => new(
        _step.Options,
        _step.Definition.Watermarks,
        _step.Definition.Kept.Durable,
        _step.Definition.Kept.Recorder,
        HostedSources.Of(_step.Definition.Sources));

    /// <exception cref="OptionsValidationException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">
    /// The host's logger factory returned null, or a query cannot have the windows that the options name.
    /// </exception>
    public EventStream<TEvent> Build()
    {
        var options = _services.GetRequiredService<IOptionsMonitor<HostedProcessorOptions>>().Get(_name);
        var step = _step
            .WithName(_name)
            .WithOptions(options.ToEngine())
            .Watermarks(options.ToEngine(_step.Definition.Watermarks))
            .DurableIn(HostedDurability.Of(options, _step.Definition.Kept.Durable, _name, _services))
            .RecordTo(HostedFlightRecorder.Of(options, _step.Definition.Kept.Recorder, _name, _services))
            .WithSources(options.Sources.Apply(_step.Definition.Sources));
        if (step.Logger is null)
            step = step.WithLogger(HostServices.LoggerOf(_services, _name));
        if (step.MeterFactory is null)
            step = step.WithMeterFactory(_services.GetRequiredService<IMeterFactory>());
        if (step.TimeProvider is null && _services.GetService<TimeProvider>() is { } timeProvider)
            step = step.WithTimeProvider(timeProvider);
        try
        {
            return step.Build();
        }
        catch (ArgumentException wrong) when (ChangedWindows() is { } changes)
        {
            throw HostedWindows.Unfit(changes, wrong);
        }
    }

    /// <summary>The results of each query, and who reads them.</summary>
    public IReadOnlyList<HostedResults> ResultsOf(EventStream<TEvent> stream)
    {
        var results = new List<HostedResults>();
        foreach (var query in _queries)
            results.Add(query.ResultsOf(stream, OutputsOf(query), _services));
        return results;
    }

    private StreamStep<TEvent> Add(
        HostedQuery<TEvent> query, StreamEventsStep<TEvent> events, StreamStep<TEvent>? before)
    {
        try
        {
            return query.AddTo(_name, events, before, OutputsOf(query), _services);
        }
        catch (ArgumentException wrong)
        {
            throw new InvalidOperationException(
                $"The query '{query.Name}' of the stream '{_name}' is wrong: {wrong.Message}"
                    + (ChangedWindows() is { } changes ? $" Windows that options changed: {changes}." : ""),
                wrong);
        }
    }

    /// <summary>Which queries have windows of the options; null for none.</summary>
    private string? ChangedWindows()
    {
        var changes = new List<string>();
        foreach (var query in _queries)
        {
            if (HostedWindows.ChangesOf($"{_name}/{query.Name}", _services) is { } change)
                changes.Add(change);
        }

        return changes.Count > 0 ? string.Join(", ", changes) : null;
    }

    private List<HostedOutputs> OutputsOf(HostedQuery<TEvent> query) =>
        _outputs.FindAll(output => output.Query.Equals(query.Name, StringComparison.Ordinal));

    private void ThrowUnlessNamed()
    {
        if (_queries.Count == 0)
            throw new InvalidOperationException($"The stream '{_name}' has no query; add one with AddQuery.");
        var byName = new Dictionary<string, HostedQuery<TEvent>>(StringComparer.Ordinal);
        foreach (var query in _queries)
        {
            if (!byName.TryAdd(query.Name, query))
            {
                throw new InvalidOperationException(
                    $"The stream '{_name}' has two queries '{query.Name}'; give one of them another name.");
            }
        }

        foreach (var output in _outputs)
        {
            if (!byName.TryGetValue(output.Query, out var query))
                throw NoQuery(output.Query, [.. byName.Keys]);
            if (query.KeyType != output.KeyType)
            {
                throw new InvalidOperationException(
                    $"The keys of the query '{query.Name}' of the stream '{_name}' are {TypeText.Of(query.KeyType)}, "
                    + $"and outputs for {TypeText.Of(output.KeyType)} were added to it; name the type that it groups "
                    + "by.");
            }
        }
    }

    private InvalidOperationException NoQuery(string name, string[] names) => new(
        $"Outputs were added to the query '{name}' of the stream '{_name}', which has none of that name; "
        + NearestWord.NameOne(name, names));
}
