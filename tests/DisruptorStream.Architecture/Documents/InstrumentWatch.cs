using System.Diagnostics.Metrics;
using DisruptorStream.Building.Streams;
using DisruptorStream.Durability;
using DisruptorStream.Emission;
using DisruptorStream.Sources;

namespace DisruptorStream.Architecture.Documents;

/// <summary>
/// Runs a stream and notes every instrument that reports something: its kind, unit and further tags.
/// </summary>
internal sealed class InstrumentWatch : IMeterFactory
{
    private readonly Dictionary<string, string> _seen = [];
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
        var directory = Directory.CreateTempSubdirectory("instruments-").FullName;
        try
        {
            return await RunAsync(watch, listener, directory);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    public Meter Create(MeterOptions options) =>
        new(new MeterOptions(options.Name) { Version = options.Version, Scope = this });

    public void Dispose()
    {
    }

    private static async Task<IReadOnlyCollection<string>> RunAsync(
        InstrumentWatch watch, MeterListener listener, string directory)
    {
        await using var stream = StreamProcessorBuilder.For<int>()
            .EventTime(number => (long)number)
            .Key("all", _ => "key")
            .Query("all", query => query.By("all").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Count("count")).To(new Nowhere()))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Fused, FutureSkewLimit = null })
            .WithMeterFactory(watch)
            .ReadFrom("none", new NoSource())
            .DurableIn(directory, new DurabilityOptions { Mode = DurabilityMode.Sync, SegmentBytes = 1 << 16 })
            .Build();

        // There is another source when the one that is read ends, so that the input goes on.
        stream.Publish(0);
        stream.Start();
        while (stream.GetStats().Readers[0].State != SourceReaderState.Completed)
            await Task.Yield();
        for (var at = 0; at < 20; at++)
        {
            stream.Publish(at * 10);
            await stream.FlushAsync();
        }

        listener.RecordObservableInstruments();
        return [.. watch._seen.Select(seen => $"{seen.Key} {seen.Value}")];
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
        var further = new List<string>();
        foreach (var tag in tags)
        {
            if (tag.Key != "disruptorstream.processor")
                further.Add(tag.Key);
        }

        // Of an instrument that reports for streams and for queries, the tags of the latter.
        var (key, text) = ($"{instrument.Name} {kind} {instrument.Unit}", string.Join("`, `", further));
        lock (_gate)
        {
            if (!_seen.TryGetValue(key, out var before) || before.Length < text.Length)
                _seen[key] = text;
        }
    }

    private sealed class Nowhere : IResultSink<string>
    {
        public void OnResults(ResultBatch<string> batch)
        {
        }
    }

    /// <summary>Has nothing to give, and says so.</summary>
    private sealed class NoSource : ISeekableSource<int>, ISeekableReader<int>
    {
        public SourcePosition Position => SourcePosition.Start;

        public long? Lag => 0;

        public ValueTask<ISeekableReader<int>> OpenAsync(SourcePosition from, CancellationToken cancellationToken) =>
            new(this);

        public ValueTask<bool> ReadAsync(SourceBatch<int> batch, CancellationToken cancellationToken) => new(false);

        public ValueTask DisposeAsync() => default;
    }
}
