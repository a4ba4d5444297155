using System.Diagnostics.Metrics;
using DisruptorStream.Emission;

namespace DisruptorStream.Architecture.Documents;

/// <summary>
/// Runs a processor and notes every instrument that reports something: its kind, unit and further tag.
/// </summary>
internal sealed class InstrumentWatch : IMeterFactory
{
    private readonly HashSet<string> _seen = [];
    private readonly Lock _gate = new();

    public static async Task<IReadOnlyCollection<string>> RunAsync()
    {
        using var watch = new InstrumentWatch();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Scope == watch)
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => watch.Note(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => watch.Note(instrument, tags));
        listener.Start();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Fused, FutureSkewLimit = null })
            .WithMeterFactory(watch)
            .To(new Nowhere())
            .Build();
        processor.Start();
        for (var at = 0; at < 20; at++)
        {
            processor.Publish("key", at * 10, 1);
            await processor.FlushAsync();
        }

        listener.RecordObservableInstruments();
        return watch._seen;
    }

    public Meter Create(MeterOptions options) =>
        new(new MeterOptions(options.Name) { Version = options.Version, Scope = this });

    public void Dispose()
    {
    }

    private void Note(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var kind = instrument.GetType().Name switch
        {
            "ObservableCounter`1" => "counter",
            "ObservableGauge`1" => "gauge",
            "Histogram`1" => "histogram",
            var other => other,
        };
        var further = "";
        foreach (var tag in tags)
        {
            if (tag.Key != "disruptorstream.processor")
                further += tag.Key;
        }

        lock (_gate)
            _seen.Add($"{instrument.Name} {kind} {instrument.Unit} {further}");
    }

    private sealed class Nowhere : IResultSink<string>
    {
        public void OnResults(ResultBatch<string> batch)
        {
        }
    }
}
