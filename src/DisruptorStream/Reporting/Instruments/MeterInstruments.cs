using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.Messages;
using DisruptorStream.Telemetry.Guards;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Reporting.Instruments;

/// <summary>The instruments of a meter, which read all processors that use it when somebody collects them.</summary>
/// <remarks>One set for each meter, however many processors come and go. Any thread.</remarks>
internal sealed partial class MeterInstruments
{
    public const string MeterName = "DisruptorStream";
    public const string ProcessorTag = "disruptorstream.processor";
    public const string QueryTag = "disruptorstream.query";
    public const string ReasonTag = "disruptorstream.drop.reason";
    public const string SourceTag = "disruptorstream.source";
    public const string StageTag = "disruptorstream.stage";
    public const string QuantileTag = "disruptorstream.quantile";

    private static readonly ConditionalWeakTable<Meter, MeterInstruments> OfMeters = [];

    private readonly Lock _gate = new();
    private readonly Meter _meter;
    private readonly HostFailures _failures;
    private WeakReference<IMeteredProcessor>[] _processors = [];
    private int _count;

    private MeterInstruments(Meter meter, HostFailures failures)
    {
        _meter = meter;
        _failures = failures;
        ResultLatency = Histogram(
            "disruptorstream.result.latency",
            "s",
            "From the publication of what fired a result to the call of the sinks.",
            LatencyBounds);
        BatchSize = Histogram(
            "disruptorstream.batch.size", "{slot}", "Slots of every sixteenth batch.", BatchBounds);
        SyncTime = Histogram(
            "disruptorstream.journal.sync.time", "s", "How long the disk took to sync the journal.", SyncBounds);
        AddEvents();
        AddWindows();
        AddTime();
        AddReaders();
        AddRing();
        AddSinks();
        AddDurability();
    }

    /// <summary>The names of <see cref="DropReason"/>, in its order.</summary>
    public static IReadOnlyList<string> Reasons { get; } =
    [
        "none", "late", "not_finite", "future_skew", "timestamp_out_of_range", "key_limit", "window_limit",
        "slice_limit", "after_end", "assigner_failed", "no_key", "timestamp_jump",
    ];

    /// <summary>Null where it could not be made.</summary>
    public Histogram<double>? ResultLatency { get; }

    /// <summary>Null where it could not be made.</summary>
    public Histogram<long>? BatchSize { get; }

    /// <summary>Null where it could not be made.</summary>
    public Histogram<double>? SyncTime { get; }

    private static double[] LatencyBounds =>
    [
        1e-6, 2.5e-6, 5e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25,
        0.5, 1, 2.5, 5, 10,
    ];

    private static double[] SyncBounds =>
    [
        1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 5e-2, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ];

    private static long[] BatchBounds => [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

    /// <summary>Those of the engine's meter of a factory.</summary>
    /// <param name="factory">The host's.</param>
    /// <param name="failures">Counts what listeners throw when they are told of the instruments.</param>
    public static MeterInstruments Of(IMeterFactory factory, HostFailures failures)
    {
        var version = typeof(MeterInstruments).Assembly.GetName().Version?.ToString(3);
        var meter = factory.Create(new MeterOptions(MeterName) { Version = version }) ?? throw new ArgumentException(
            $"The meter factory {TypeText.Of(factory.GetType())} returned null; it must return one.", nameof(factory));
        return OfMeters.GetValue(meter, made => new MeterInstruments(made, failures));
    }

    /// <summary>Adds a processor, which is read for as long as something else holds it.</summary>
    public void Add(IMeteredProcessor processor)
    {
        lock (_gate)
            _processors = [.. AllBut(null), new WeakReference<IMeteredProcessor>(processor)];
    }

    public void Remove(IMeteredProcessor processor)
    {
        lock (_gate)
            _processors = AllBut(processor);
    }

    private WeakReference<IMeteredProcessor>[] AllBut(IMeteredProcessor? removed) =>
        Array.FindAll(_processors, other => other.TryGetTarget(out var processor) && processor != removed);

    private List<IMeteredProcessor> Processors()
    {
        var processors = new List<IMeteredProcessor>();
        lock (_gate)
        {
            foreach (var reference in _processors)
            {
                if (reference.TryGetTarget(out var processor))
                    processors.Add(processor);
            }
        }

        return processors;
    }

    private void AddEvents()
    {
        Counter("events.published", "{event}", "Events put into the ring.", stats => stats.EventsPublished);
        Counter(
            "events.processed", "{event}", "Events handled, dropped ones included.", stats => stats.EventsProcessed);
        var dropped = _count++;
        Create(() => _meter.CreateObservableCounter(
            "disruptorstream.events.dropped",
            () => Dropped(dropped),
            "{event}",
            "Events that entered no window, by reason."));
        QueryCounter(
            "events.unwindowed", "{event}", "Events in the gaps between windows.", stats => stats.EventsInNoWindow);
        QueryCounter(
            "assignments.late",
            "{assignment}",
            "Pairs of an event and a window that it came too late for.",
            stats => stats.LateDroppedAssignments);
        QueryCounter(
            "assignments.limited",
            "{assignment}",
            "Pairs of an event and a window that the key had no room for.",
            stats => stats.WindowLimitDroppedAssignments);
        QueryCounter(
            "query.processed",
            "{event}",
            "Events that each query of a stream took, dropped ones included.",
            stats => stats.EventsProcessed);
        QueryCounter(
            "query.filtered",
            "{event}",
            "Events that the filter of each query refused.",
            stats => stats.EventsFiltered);
        Counter("batches.processed", "{batch}", "Batches handled.", stats => stats.BatchesProcessed);
        QueryCounter("user.failures", "{failure}", "Failures of the user's own code.", stats => stats.UserFailures);
    }

    private void AddWindows()
    {
        QueryCounter(
            "windows.opened", "{window}", "Slices, windows or sessions opened.", stats => stats.WindowsCreated);
        QueryCounter("windows.fired", "{window}", "Panes fired, without retractions.", stats => stats.WindowsFired);
        QueryCounter(
            "windows.evicted", "{window}", "Windows given up because of a limit.", stats => stats.WindowsEvicted);
        QueryGauge("windows.active", "{window}", "Slices, windows or sessions open now.", stats => stats.ActiveWindows);
        Gauge("keys.active", "{key}", "Keys known now.", stats => stats.Keys);
        QueryGauge("state.size", "By", "Native memory that windows have reserved.", stats => stats.StateBytes);
    }

    private void AddTime()
    {
        Gauge(
            "watermark.timestamp",
            "s",
            "The combined watermark, since the Unix epoch; none before the first and after the end of input.",
            stats => SecondsOf(stats.WatermarkTicks));
        Gauge(
            "watermark.lag",
            "s",
            "How far the combined watermark is behind the clock.",
            stats => SecondsOf(stats.WatermarkLag));
        SourceGauge(
            "watermark.timestamp",
            "The watermark of each source, since the Unix epoch.",
            (_, source) => SecondsOf(source.WatermarkTicks));
        SourceGauge(
            "watermark.lag",
            "How far the watermark of each source is behind the clock.",
            (stats, source) => SecondsOf(stats.LagOf(source)));
        Counter(
            "watermark.regressions",
            "{watermark}",
            "Explicit watermarks that went back, and were ignored.",
            stats => stats.WatermarkRegressions);
        var quantiles = _count++;
        Create(() => _meter.CreateObservableGauge(
            "disruptorstream.result.latency.recent",
            () => Quantiles(quantiles),
            "s",
            "Quantiles of the latency of the last minute."));
    }

    private void AddRing()
    {
        Gauge("ring.capacity", "{slot}", "Slots of the ring.", stats => stats.RingCapacity);
        Gauge("ring.backlog", "{slot}", "Slots that wait to be handled.", stats => stats.RingBacklog);
        Gauge(
            "ring.occupancy",
            "1",
            "The share of the slots that wait to be handled.",
            stats => (double)stats.RingBacklog / stats.RingCapacity);
        Counter(
            "ring.backpressure.time",
            "s",
            "Time that publishers waited for room, all of them together.",
            stats => stats.BackPressureTime.TotalSeconds);
        Create(() => _meter.CreateObservableCounter(
            "disruptorstream.stage.busy.time",
            () => OfStages(stage => stage.Read().Busy.TotalSeconds),
            "s",
            "Time that the thread of each stage did not wait."));
        Create(() => _meter.CreateObservableGauge(
            "disruptorstream.stage.utilization",
            () => OfStages(stage => stage.Utilization()),
            "1",
            "The share of time that the thread of each stage did not wait."));
    }

    private void AddSinks()
    {
        QueryCounter(
            "results.emitted", "{result}", "Results delivered, without retractions.", stats => stats.ResultsEmitted);
        QueryCounter(
            "results.suppressed",
            "{result}",
            "Panes that the condition of their query keeps from being results.",
            stats => stats.ResultsSuppressed);
        QueryCounter(
            "results.discarded", "{result}", "Results that reached nobody.", stats => stats.ResultsDiscarded);
        QueryCounter("results.retracted", "{result}", "Retractions delivered.", stats => stats.Retractions);
        const string LostRetractions = "Retractions that reached nobody.";
        QueryCounter("results.retracted.discarded", "{result}", LostRetractions, stats => stats.RetractionsDiscarded);
        QueryGauge("results.buffered", "{result}", "Results that wait for a reader.", stats => stats.BufferedResults);
        QueryCounter(
            "results.blocked.time",
            "s",
            "Time that a full result buffer held the emitting thread.",
            stats => stats.ResultBufferBlockedTime.TotalSeconds);
        QueryGauge(
            "reader.buffered",
            "{result}",
            "Results that wait for result readers.",
            BufferedForReaders);
        QueryCounter(
            "reader.dropped",
            "{result}",
            "Results that result readers will never give.",
            stats => stats.ReaderDroppedResults);
        QueryCounter("sink.failures", "{call}", "Calls of sinks that threw.", stats => stats.SinkFailures);
        QueryCounter(
            "sink.retries", "{call}", "Calls of sinks that repeated a failed one.", stats => stats.SinkRetries);
        QueryCounter("sink.skips", "{batch}", "Batches that a sink went without.", stats => stats.SinkSkips);
        QueryGauge(
            "sink.queued",
            "{result}",
            "Results that wait for asynchronous sinks.",
            stats => SumOf(stats, sink => sink.ResultsQueued));
        QueryGauge(
            "sink.held",
            "{result}",
            "The number of the last result that all asynchronous sinks hold.",
            LeastHeld);
        QueryCounter(
            "sink.discarded",
            "{result}",
            "Results that asynchronous sinks were to write and never have.",
            stats => SumOf(stats, sink => sink.ResultsDiscarded));
        QueryCounter(
            "sink.blocked.time",
            "s",
            "Time that full queues of asynchronous sinks held who filled them.",
            stats => TimeSpan.FromTicks(SumOf(stats, sink => sink.BlockedTime.Ticks)).TotalSeconds);
        Counter(
            "host.failures",
            "{call}",
            "Calls of the host's logger, clock and listeners that threw.",
            stats => stats.HostFailures);
    }

    /// <summary>
    /// Makes an instrument. A listener that throws when it is told of it comes after the instrument was added: those
    /// that look later find it.
    /// </summary>
    private void Create(Func<Instrument> create)
    {
        try
        {
            create();
        }
        catch (Exception)
        {
            _failures.Note();
        }
    }

    private Histogram<T>? Histogram<T>(string name, string unit, string description, T[] bounds)
        where T : struct
    {
        Create(() => _meter.CreateHistogram(
            name, unit, description, tags: null, new InstrumentAdvice<T> { HistogramBucketBoundaries = bounds }));

        // Not what was returned: where a listener threw, nothing was.
        Histogram<T>? found = null;
        using var finder = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter == _meter && string.Equals(instrument.Name, name, StringComparison.Ordinal))
                    found = instrument as Histogram<T> ?? found;
            },
        };
        finder.Start();
        return found;
    }

    private void Counter(string name, string unit, string description, Func<ProcessorStats, long> read)
    {
        var instrument = _count++;
        Create(() => _meter.CreateObservableCounter(
            $"disruptorstream.{name}", () => OfProcessors(instrument, read), unit, description));
    }

    private void Counter(string name, string unit, string description, Func<ProcessorStats, double> read)
    {
        var instrument = _count++;
        Create(() => _meter.CreateObservableCounter(
            $"disruptorstream.{name}",
            () => OfProcessors(instrument, stats => (double?)read(stats)),
            unit,
            description));
    }

    private void QueryCounter(string name, string unit, string description, Func<ProcessorStats, long> read)
    {
        var instrument = _count++;
        Create(() => _meter.CreateObservableCounter(
            $"disruptorstream.{name}", () => OfQueries(instrument, read), unit, description));
    }

    private void QueryCounter(string name, string unit, string description, Func<ProcessorStats, double> read)
    {
        var instrument = _count++;
        Create(() => _meter.CreateObservableCounter(
            $"disruptorstream.{name}", () => OfQueries(instrument, read), unit, description));
    }

    private void QueryGauge(string name, string unit, string description, Func<ProcessorStats, long> read)
    {
        var instrument = _count++;
        Create(() => _meter.CreateObservableGauge(
            $"disruptorstream.{name}", () => OfQueries(instrument, read), unit, description));
    }

    private void Gauge(string name, string unit, string description, Func<ProcessorStats, long> read)
    {
        var instrument = _count++;
        Create(() => _meter.CreateObservableGauge(
            $"disruptorstream.{name}", () => OfProcessors(instrument, read), unit, description));
    }

    private void Gauge(string name, string unit, string description, Func<ProcessorStats, double?> read)
    {
        var instrument = _count++;
        Create(() => _meter.CreateObservableGauge(
            $"disruptorstream.{name}", () => OfProcessors(instrument, read), unit, description));
    }

    private void SourceGauge(
        string name, string description, Func<ProcessorStats, SourceWatermark, double?> read)
    {
        var instrument = _count++;
        Create(() => _meter.CreateObservableGauge(
            $"disruptorstream.source.{name}", () => OfSources(instrument, read), "s", description));
    }
}
