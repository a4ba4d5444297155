using DisruptorStream.Emission.Calls;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Pumping;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Emission.Views;
using DisruptorStream.State;
using DisruptorStream.State.Keys;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Emission.Delivery;

/// <summary>Where the results of a processor go.</summary>
internal sealed record DeliveryPlan<TKey>
    where TKey : notnull
{
    /// <summary>The columns of the results.</summary>
    public required ResultSchema Schema { get; init; }

    /// <summary>The measures of the events, as a dropped event shows them.</summary>
    public required ResultSchema Measures { get; init; }

    public required IKeySource<TKey> Keys { get; init; }

    public required IFailureSource Failures { get; init; }

    /// <summary>Told when the last row of a retired key has been passed: its id is free.</summary>
    public Action<int>? OnKeyReleased { get; init; }

    /// <summary>The processor's name.</summary>
    public string ProcessorName { get; init; } = "";

    /// <summary>For whom durable sinks are opened at the start that nobody has opened; null for none of them.</summary>
    public DurableSinkOwner? OrdinaryOwner { get; init; }

    /// <summary>The first sequence of which there can be rows.</summary>
    public long FirstSequence { get; init; }

    public required WatermarkProgress Watermarks { get; init; }

    /// <summary>Called in this order, before the stream.</summary>
    public IReadOnlyList<SinkRegistration<IResultSink<TKey>>> Sinks { get; init; } = [];

    public IReadOnlyList<SinkRegistration<IDroppedEventSink<TKey>>> DroppedEventSinks { get; init; } = [];

    /// <summary>The asynchronous sinks: fed after the others, in this order.</summary>
    public IReadOnlyList<AsyncSinkPump<TKey>> Pumps { get; init; } = [];

    /// <summary>What the sinks go through once.</summary>
    public SinkLife Life { get; init; } = new();

    /// <summary>Null when the processor has sinks only and no one may read.</summary>
    public ResultReaders<TKey>? Readers { get; init; }

    /// <summary>Whether other queries read the results, so that nobody else has to.</summary>
    public bool IsReadByQueries { get; init; }

    /// <summary>
    /// Feeds the processor's own stream from the start, even where there are sinks and no reader has come yet.
    /// </summary>
    public bool AlwaysFeedsStream { get; init; }

    /// <summary>Says when a sink failed.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Measures how old results are when they are delivered; null for not at all.</summary>
    public LatencyMeter? Latency { get; init; }

    /// <summary>Traces the deliveries; null for none.</summary>
    public BatchTracer? Tracer { get; init; }

    /// <summary>Which keys have a list together, where only the best are shown; null where all have.</summary>
    public IKeyGroups? Groups { get; init; }

    /// <summary>Counts panes by window; null for not at all.</summary>
    public PaneTally? Tally { get; init; }

    /// <summary>The most results that a sink gets at once.</summary>
    public int BatchCapacity { get; init; } = 256;

    /// <summary>Cancelled for the sinks when the processor is aborted.</summary>
    public CancellationToken Aborted => Life.Aborted.Token;

    /// <summary>The sinks. A view is in memory: it holds nothing of an earlier run, whatever is said of it.</summary>
    public SinkRegistration<IResultSink<TKey>>[] NewSinks()
    {
        SinkRegistration<IResultSink<TKey>>[] sinks = [.. Sinks];
        for (var index = 0; index < sinks.Length; index++)
        {
            if (sinks[index] is { Sink: LatestResults<TKey>, HeldThrough: > 0 })
                sinks[index] = sinks[index] with { HeldThrough = 0 };
        }

        return sinks;
    }

    /// <summary>The set of all sinks, which knows those that are to be opened and is to get them.</summary>
    public SinkSet NewSinkSet(SinkCaller caller)
    {
        var all = new SinkSet(caller, Life);
        foreach (var sink in Sinks)
        {
            if (OrdinaryOwner is { } owner && sink is { IsOpen: false, Sink: IDurableSink<TKey> durable })
                all.AddOpening(durable, token => durable.OpenAsync(owner, token).AsTask());
        }

        return all;
    }
}
