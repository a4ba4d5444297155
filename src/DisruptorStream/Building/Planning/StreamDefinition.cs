using System.Diagnostics.Metrics;
using DisruptorStream.Ingest.Fields;
using DisruptorStream.Ingest.Projections;
using DisruptorStream.Ingest.Streams;
using DisruptorStream.Sources.Reading;
using DisruptorStream.Topology.Durable.Recording;
using DisruptorStream.Topology.State;
using DisruptorStream.Watermarks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DisruptorStream.Building.Planning;

/// <summary>All that a stream was asked to be. The builder's steps fill it in, the planner reads it.</summary>
internal sealed record StreamDefinition<TEvent>
{
    /// <summary>Reads the time; null where the type says itself how it is read.</summary>
    public Func<TEvent, long>? Ticks { get; init; }

    /// <summary>What the type says itself; null for nothing. Its measures and keys are the first ones.</summary>
    public StreamEventFields<TEvent>? Own { get; init; }

    /// <summary>The measures so far.</summary>
    public MeasureList Measures { get; init; } = MeasureList.Empty;

    /// <summary>Read the measures behind the type's own, in their order.</summary>
    public IReadOnlyList<MeasureReader<TEvent>> MeasureReaders { get; init; } = [];

    /// <summary>The keys that are read from events, and then those that are made of others.</summary>
    public IReadOnlyList<StreamKey> Keys { get; init; } = [];

    /// <summary>Read the keys, in their order.</summary>
    public IReadOnlyList<KeyReaderMaker<TEvent>> KeyReaders { get; init; } = [];

    /// <summary>The filters of all queries, in the order of their bits.</summary>
    public FilterList<TEvent> Filters { get; init; } = FilterList<TEvent>.Empty;

    /// <summary>Declares a further key, whose name is free.</summary>
    public StreamDefinition<TEvent> WithKey<TKey>(string name, KeyReaderMaker<TEvent, TKey> reader)
        where TKey : notnull => this with
        {
            Keys = [.. Keys, new StreamKey(name, typeof(TKey), [], maxKeys => new KeyColumnMaker<TKey>(maxKeys, null))],
            KeyReaders = [.. KeyReaders, reader],
        };

    /// <summary>What reads all but the keys.</summary>
    public StreamProjection<TEvent> Projection
    {
        get
        {
            MeasureReader<TEvent>[] measures = [.. MeasureReaders];
            if (Own is null && measures.Length == 0)
                measures = [new MeasureReader<TEvent>(static _ => 0L)];
            return new StreamProjection<TEvent>
            {
                Fields = Own is null
                    ? new SelectorFields<TEvent>(Ticks!, measures)
                    : FurtherFields<TEvent>.Of(Own, measures),
                MeasureCount = Math.Max(1, Measures.Definitions.Count),
                Filters = [.. Filters.Filters],
            };
        }
    }

    public IReadOnlyList<StreamQueryDefinition> Queries { get; init; } = [];

    /// <summary>What it reads by itself.</summary>
    public IReadOnlyList<SourceRegistration<TEvent>> Sources { get; init; } = [];

    public WatermarkOptions Watermarks { get; init; } = new();

    public bool ProcessingTime { get; init; }

    public StreamProcessorOptions Options { get; init; } = new();

    public TimeProvider TimeProvider => GivenTimeProvider ?? TimeProvider.System;

    /// <summary>Null where none was set.</summary>
    public TimeProvider? GivenTimeProvider { get; init; }

    /// <summary>The stream's name, to tell it from others in logs and metrics.</summary>
    public string Name => GivenName ?? "default";

    /// <summary>Null where none was set.</summary>
    public string? GivenName { get; init; }

    /// <summary>Makes the meter; null for no instruments.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>Where it keeps a journal and snapshots, and what its flight recorder keeps.</summary>
    public KeptSettings Kept { get; init; } = KeptSettings.Nothing;

    public ILogger Logger => GivenLogger ?? NullLogger.Instance;

    /// <summary>Null where none was set.</summary>
    public ILogger? GivenLogger { get; init; }

    /// <summary>Keeps the state at a suspension; null where it is not durable.</summary>
    public Func<long, CancellationToken, Task>? OnSuspend { get; init; }
}
